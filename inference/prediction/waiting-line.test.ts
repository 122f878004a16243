import { setTimeout } from "node:timers/promises";
import test from "ava";
import fc from "fast-check";
import { Overloaded } from "../overloaded.ts";
import { WaitingLine } from "./waiting-line.ts";

const patient = 3_600_000;
const here = () => false;

/** A task that ends when it is told to. */
function task() {
  const { promise, resolve } = Promise.withResolvers<void>();
  let begun = false;
  const run = () => {
    begun = true;
    return promise;
  };
  return { run, end: resolve, isBegun: () => begun };
}

const turn = () => new Promise(setImmediate);

test("so many are let in at once, and the others in the order in which they came", async (t) => {
  const line = new WaitingLine({ requests: 2, bytes: 100, queueMs: patient });
  const tasks = [task(), task(), task(), task()];
  const passed = tasks.map(({ run }) => line.pass(10, run, here));
  const begun = () => tasks.map(({ isBegun }) => isBegun());
  await turn();
  t.deepEqual(begun(), [true, true, false, false]);
  tasks[1]!.end();
  await turn();
  t.deepEqual(begun(), [true, true, true, false]);
  for (const { end } of tasks) end();
  await Promise.all(passed);
});

test("what is let in at once has so many bytes, or is alone", async (t) => {
  const line = new WaitingLine({ requests: 9, bytes: 100, queueMs: patient });
  const [small, huge, next] = [task(), task(), task()];
  const passed = [line.pass(60, small.run, here), line.pass(500, huge.run, here), line.pass(40, next.run, here)];
  await turn();
  t.deepEqual([huge.isBegun(), next.isBegun()], [false, false], "the small one doesn't pass the huge one by");
  small.end();
  await turn();
  t.deepEqual([huge.isBegun(), next.isBegun()], [true, false]);
  huge.end();
  await turn();
  t.true(next.isBegun());
  next.end();
  await Promise.all(passed);
});

test("who waited too long is sent away when it would be their turn, but for the last, and who is gone isn't let in", async (t) => {
  const line = new WaitingLine({ requests: 1, bytes: 100, queueMs: 1 });
  const first = task();
  const passed = line.pass(1, first.run, here);
  const late = line.pass(1, () => Promise.resolve("late"), here);
  const gone = line.pass(
    1,
    () => Promise.resolve("gone"),
    () => true,
  );
  const last = line.pass(1, () => Promise.resolve("last"), here);
  await setTimeout(20);
  first.end();
  await passed;
  await t.throwsAsync(late, { instanceOf: Overloaded });
  await t.throwsAsync(gone, { instanceOf: Overloaded });
  t.is(await last, "last");
});

test("a task that fails makes room as any other", async (t) => {
  const line = new WaitingLine({ requests: 1, bytes: 100, queueMs: patient });
  const failing = line.pass(1, () => Promise.reject(new Error("no")), here);
  const next = line.pass(1, () => Promise.resolve("next"), here);
  await t.throwsAsync(failing, { message: "no" });
  t.is(await next, "next");
});

test("whatever comes, the limits hold and all are done", async (t) => {
  const requests = fc.array(fc.record({ bytes: fc.integer({ min: 0, max: 150 }), turns: fc.nat(3) }), {
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(requests, fc.integer({ min: 1, max: 5 }), async (asked, most) => {
      const line = new WaitingLine({ requests: most, bytes: 100, queueMs: patient });
      const inside: number[] = [];
      const order: number[] = [];
      await Promise.all(
        asked.map(({ bytes, turns }, at) =>
          line.pass(
            bytes,
            async () => {
              order.push(at);
              inside.push(bytes);
              t.true(inside.length === 1 || (inside.length <= most && inside.reduce((a, b) => a + b) <= 100));
              for (let waited = 0; waited < turns; waited++) await turn();
              inside.splice(inside.indexOf(bytes), 1);
            },
            here,
          ),
        ),
      );
      t.deepEqual(order, [...asked.keys()]);
    }),
  );
});
