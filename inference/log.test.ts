import { execFile } from "node:child_process";
import { join } from "node:path";
import test from "ava";
import { createLog } from "./log.ts";

/** What a process of its own prints that has a log and runs this. */
function printed(script: string): Promise<string> {
  const log = JSON.stringify(join(import.meta.dirname, "log.ts"));
  const source = `import { createLog } from ${log}; const log = createLog("info"); ${script}`;
  return new Promise((resolve) => {
    execFile(process.execPath, ["--input-type=module", "-e", source], (_, stdout) => resolve(stdout));
  });
}

for (const [title, end] of Object.entries({
  "comes to its end": "",
  exits: "process.exit(3)",
  "crashes by an error": "throw new Error('broken')",
  "crashes by a promise": "await Promise.reject(new Error('broken'))",
  "is killed right after a fatal line": "log.fatal('last'); process.kill(process.pid, 'SIGKILL')",
}))
  test(`no line is lost where the process ${title}`, async (t) => {
    const stdout = await printed(`for (let n = 0; n < 5000; n++) log.info({ n }, "line"); ${end}`);
    const lines = stdout.trim().split("\n");
    t.deepEqual(
      lines.slice(0, 5000).map((line) => JSON.parse(line).n),
      Array.from({ length: 5000 }, (_, n) => n),
    );
    t.is(lines.length, end.includes("fatal") ? 5001 : 5000);
  });

test("a line has level, time, process and message", (t) => {
  const lines: string[] = [];
  const before = new Date().toISOString();
  const log = createLog("info", { write: (line) => void lines.push(line) });
  log.info({ port: 1 }, "listening");
  log.debug("no");
  const { time, ...rest } = JSON.parse(lines[0]!);
  t.deepEqual(rest, { level: 30, pid: process.pid, port: 1, msg: "listening" });
  t.true(before <= time && time <= new Date().toISOString());
  t.is(lines.length, 1);
});
