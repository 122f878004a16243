import { execFile } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import test, { type ExecutionContext } from "ava";
import { takeLock } from "./folder-lock.ts";
import { logSize, logTail, rotateLog } from "./log-file.ts";
import { readRecord, removeRecord, runFiles, writeRecord } from "./run-files.ts";

function folder(t: ExecutionContext): string {
  const made = mkdtempSync(join(tmpdir(), "run-folder-"));
  t.teardown(() => rmSync(made, { recursive: true }));
  return made;
}

test("a lock has one holder, and none once that was killed", async (t) => {
  const lock = join(folder(t), "lock");
  const module = JSON.stringify(join(import.meta.dirname, "folder-lock.ts"));
  const take = (then: string) =>
    promisify(execFile)(process.execPath, [
      "--disable-warning=ExperimentalWarning",
      "--input-type=module",
      "--eval",
      `import { takeLock } from ${module}; console.log(takeLock(${JSON.stringify(lock)})); ${then}`,
    ]);
  const killed = await t.throwsAsync<Error & { stdout?: string }>(take("process.kill(process.pid, 'SIGKILL');"));
  t.is(killed?.stdout, "true\n");
  t.true(takeLock(lock));
  t.is((await take("")).stdout, "false\n");
});

test("a record is read back, by its user alone, and removed by its own supervisor alone", (t) => {
  const directory = folder(t);
  t.is(readRecord(directory), undefined);
  const record = { protocol: 1, id: "a", pid: 1, instances: [2], controlPort: 3, token: "t", host: "h", port: 4 };
  writeRecord(directory, record);
  t.deepEqual(readRecord(directory), record);
  t.is(statSync(join(directory, runFiles.record)).mode & 0o777, 0o600);
  removeRecord(directory, "b");
  t.deepEqual(readRecord(directory), record);
  removeRecord(directory, "a");
  t.is(readRecord(directory), undefined);
});

test("a record that was cut off counts as none", (t) => {
  const directory = folder(t);
  writeFileSync(join(directory, runFiles.record), '{"protocol":1,"pi');
  t.is(readRecord(directory), undefined);
});

test("a log beyond its size moves aside, and those that append go on", (t) => {
  const log = join(folder(t), "log");
  appendFileSync(log, "12345");
  rotateLog(log, 5);
  t.is(logSize(log), 5);
  appendFileSync(log, "6");
  rotateLog(log, 5);
  appendFileSync(log, "7");
  t.is(readFileSync(log, "utf8"), "7");
  t.is(readFileSync(`${log}.1`, "utf8"), "123456");
});

test("a log's tail holds a process's own lines and plain text since it started", (t) => {
  const log = join(folder(t), "log");
  appendFileSync(log, '{"pid":1,"msg":"old"}\n');
  const from = logSize(log);
  appendFileSync(log, '{"level":30,"pid":2,"msg":"other"}\n{"level":60,"pid":1,"msg":"mine"}\nError: plain\n');
  t.is(logTail(log, from, 1), '{"level":60,"pid":1,"msg":"mine"}\nError: plain');
  t.is(logTail(log, from, 1, 1), "Error: plain");
  t.is(logTail(join(log, "none"), 0, 1), "");
});
