import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { makeOnce } from "./once.ts";

const folder = async () => join(await mkdtemp(join(tmpdir(), "once-")), "made");

test("of several at once one makes the folder, and all have it", async (t) => {
  const made = await folder();
  let times = 0;
  const fill = async (temporary: string) => {
    times++;
    t.false(existsSync(made));
    await writeFile(join(temporary, "file"), "whole");
  };
  await Promise.all([1, 2, 3].map(() => makeOnce(made, fill)));
  t.is(times, 1);
  t.is(await readFile(join(made, "file"), "utf8"), "whole");
  t.deepEqual(await readdir(join(made, "..")), ["made"]);
  await rm(join(made, ".."), { recursive: true });
});

test("a failure leaves nothing, and the next one begins anew", async (t) => {
  const made = await folder();
  const failing = makeOnce(made, async () => Promise.reject(new Error("no compiler")));
  await t.throwsAsync(failing, { message: "no compiler" });
  t.deepEqual(await readdir(join(made, "..")), []);
  await makeOnce(made, async () => {});
  t.true(existsSync(made));
  await rm(join(made, ".."), { recursive: true });
});

test("what a killed process has left doesn't count", async (t) => {
  const made = await folder();
  const gone = 2 ** 22 + 1; // above the largest process number
  await writeFile(`${made}.lock`, JSON.stringify({ pid: gone, host: hostname() }));
  await writeFile(`${made}.${gone}.tmp`, "half");
  await makeOnce(made, async () => {});
  t.deepEqual(await readdir(join(made, "..")), ["made"]);
  await rm(join(made, ".."), { recursive: true });
});

test("waiting for another process can be called off", async (t) => {
  const made = await folder();
  await writeFile(`${made}.lock`, JSON.stringify({ pid: process.pid, host: hostname() }));
  const controller = new AbortController();
  const onWait = (pid: number) => {
    t.is(pid, process.pid);
    controller.abort();
  };
  await t.throwsAsync(
    makeOnce(made, async () => t.fail(), { signal: controller.signal, onWait }),
    { name: "AbortError" },
  );
  await rm(join(made, ".."), { recursive: true });
});
