import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { requestJson } from "../../inference/request-json.ts";
import type { BenchScope } from "./bench-scope.ts";
import { type Asking, firstRows } from "./bodies.ts";
import { checkAnswers } from "./check-answers.ts";
import type { Contender, ContenderName } from "./contenders.ts";
import { fewRows, manyRows, type PreparedGround } from "./prepare-ground.ts";
import type { ServerProcess } from "./server-process.ts";

/** A server whose answers were found right. */
export interface CheckedServer extends ServerProcess {
  readonly name: ContenderName;
  readonly contender: Contender;
  /** Files with the body of a small request and, where the contender takes it, of a large one. */
  readonly bodies: { readonly predict: string; readonly batch: string };
  /** After the first small request. */
  readonly idleBytes: number;
}

/** Large requests before any is measured: for an engine that compiles what it runs often. */
const largeWarmUps = 10;

/**
 * Starts a contender and holds its answers, to a small request and to large ones, against its forest's.
 *
 * @throws Error naming the first row that differs, or the status and text of an answer other than 200.
 */
export async function startChecked(
  scope: BenchScope,
  ground: PreparedGround,
  name: ContenderName,
  contender: Contender,
): Promise<CheckedServer> {
  const server = await scope.start(name, contender.health, (port) => contender.launch(port, ground));
  const bodies = {
    predict: join(scope.folder, `${name}-predict.json`),
    batch: join(scope.folder, `${name}-batch.json`),
  };
  await check(server, ground, contender, contender.predict, fewRows, bodies.predict);
  const idleBytes = await server.residentBytes();
  if (contender.batch)
    for (let request = 0; request < largeWarmUps; request++)
      await check(server, ground, contender, contender.batch, manyRows, bodies.batch);
  return { ...server, name, contender, bodies, idleBytes };
}

async function check(
  { endpoint }: ServerProcess,
  ground: PreparedGround,
  { title, forest }: Contender,
  asking: Asking,
  rows: number,
  file: string,
): Promise<void> {
  const body = asking.body(firstRows(ground.asked, rows));
  await writeFile(file, JSON.stringify(body));
  const who = `${title}, ${asking.path}`;
  const { status, text, body: answer } = await requestJson(`${endpoint}${asking.path}`, { body, timeoutMs: 60_000 });
  if (status !== 200) throw new Error(`${who}: expected 200, got ${status}: ${text}`);
  const { predictions, probabilities } = await ground.expected(forest);
  const classes = probabilities.length / predictions.length;
  const expected = {
    predictions: predictions.subarray(0, rows),
    probabilities: probabilities.subarray(0, classes * rows),
  };
  checkAnswers(who, asking.answers(answer), expected);
}
