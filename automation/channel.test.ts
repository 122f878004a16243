import test from "ava";
import { duringRun, type Progress, progressPrinter } from "../components/run-channel.ts";
import { openChannel } from "./channel.ts";

test.serial("progress goes to deploy, in order, and cancelling stops the work", async (t) => {
  const received: Progress[] = [];
  const channel = await openChannel((message) => {
    received.push(message as Progress);
    if ((message as Progress).done === 2) channel.cancel();
  });
  Object.assign(process.env, channel.env);
  const work = duringRun(async ({ signal, report }) => {
    for (const done of [0, 1, 2]) report({ step: "train", message: "trees", done, total: 9 });
    await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
  await t.throwsAsync(work, { message: "cancelled" });
  t.deepEqual(
    received.map(({ done }) => done),
    [0, 1, 2],
  );

  const late = duringRun(
    ({ signal }) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  );
  await t.throwsAsync(late, { message: "cancelled" });
  await channel.close();
  for (const name of Object.keys(channel.env)) delete process.env[name];
});

test.serial("work that ends is not cancelled", async (t) => {
  const channel = await openChannel();
  Object.assign(process.env, channel.env);
  const signal = await duringRun(async (run) => run.signal);
  await channel.close();
  t.false(signal.aborted);
  for (const name of Object.keys(channel.env)) delete process.env[name];
});

test("without deploy each message is printed once, and what is counted at each tenth", (t) => {
  const lines: string[] = [];
  const report = progressPrinter((line) => lines.push(line));
  report({ step: "features", message: "joining" });
  report({ step: "features", message: "joining" });
  for (let done = 0; done <= 40; done++) report({ step: "train", message: "trees", done, total: 40 });
  t.deepEqual(lines.slice(0, 3), ["joining", "trees: 0 of 40", "trees: 4 of 40"]);
  t.is(lines.length, 12);
});
