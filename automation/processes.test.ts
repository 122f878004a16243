import { spawn } from "node:child_process";
import { once } from "node:events";
import test from "ava";
import { isAlive } from "./processes.ts";

test("this process is alive, and one that was waited for isn't", async (t) => {
  t.true(isAlive(process.pid));
  const child = spawn(process.execPath, ["--eval", ""]);
  await once(child, "exit");
  t.false(isAlive(child.pid!));
});

test("one that ended and wasn't waited for isn't alive", async (t) => {
  // The shell starts a child that ends, and becomes a program that never asks for it.
  const shell = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"]);
  t.teardown(() => shell.kill());
  const [printed] = await once(shell.stdout, "data");
  const pid = Number(String(printed));
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  t.false(isAlive(pid));
});
