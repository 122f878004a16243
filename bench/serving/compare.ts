import { readFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { whole } from "../../inference/environment.ts";
import { runBench } from "./bench-scope.ts";
import { type ContenderName, contenders } from "./contenders.ts";
import { type Figures, medians } from "./figures.ts";
import { measureRound } from "./measure-round.ts";
import { prepareGround } from "./prepare-ground.ts";
import { table } from "./table.ts";
import { targetLines } from "./targets.ts";
import { wrkVersion } from "./wrk.ts";

/**
 * The service beside other servers of a forest of the same size, 100 trees of depth 10 on six features; all but
 * scikit-learn's serve the very same one. Rounds in which all take turns at each load, medians over the rounds.
 *
 * Nothing is bound to a core: bound to one of two, a Node server answered a third fewer requests, since its helper threads
 * had to share that core, and the figures were no steadier for it.
 *
 *   npm run bench:serving -- [--rounds N] [--seconds N] [--only ours,koa-constant,…]
 */
const { values } = parseArgs({
  options: { rounds: { type: "string" }, seconds: { type: "string" }, only: { type: "string" } },
});
const rounds = whole({ "--rounds": values.rounds }, "--rounds", 5, 1, 99);
const seconds = whole({ "--seconds": values.seconds }, "--seconds", 5, 1, 600);
const names = readNames(values.only);

function readNames(only: string | undefined): ContenderName[] {
  const known = Object.keys(contenders) as ContenderName[];
  if (only === undefined) return known;
  const asked = only.split(",");
  const unknown = asked.find((name) => !known.includes(name as ContenderName));
  if (unknown !== undefined) throw new Error(`--only: expected some of ${known.join(",")}, got ${unknown}`);
  return known.filter((name) => asked.includes(name));
}

const generator = await wrkVersion();
await runBench(async (scope) => {
  const ground = await prepareGround(scope.folder);
  const measured = new Map<ContenderName, Figures[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    // Another one begins each round, so that none always comes after the same.
    const at = round % names.length;
    const options = {
      contenders: [...names.slice(at), ...names.slice(0, at)].map((name) => [name, contenders[name]] as const),
      seconds,
      report: (line: string) => console.error(`round ${round + 1} of ${rounds}: ${line}`),
    };
    for (const [name, figures] of await measureRound(scope, ground, options)) measured.get(name)!.push(figures);
  }
  const figures = new Map([...measured].map(([name, ofRounds]) => [name, medians(ofRounds)]));
  const rows = [...figures].map(([name, figures]) => ({ title: contenders[name].title, figures }));
  const pins = (await readFile(join(import.meta.dirname, "requirements.txt"), "utf8")).trim().replaceAll("\n", ", ");
  console.log(
    [
      `3 rows a request, ${rounds} rounds of ${seconds} s a load; wrk ${generator}; Node ${process.version}; ${pins}; ` +
        `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores. Ratio: ${rows[0]!.title} to each.`,
      table(rows, rows[0]!.figures),
      targetLines(figures, (name) => contenders[name].title).join("\n"),
    ].join("\n\n"),
  );
});
