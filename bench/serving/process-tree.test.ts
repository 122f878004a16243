import test from "ava";
import { listProcesses, readProcesses, treeOf } from "./process-tree.ts";

const printed = `    1     0   9000
  100     1    100
  101   100     20
  102   101      3
  200     1   5000
`;

test("a tree is a process with all that it and its children started", (t) => {
  const tree = treeOf(readProcesses(printed), 100);
  t.deepEqual(tree, [
    { pid: 100, parent: 1, residentBytes: 102_400 },
    { pid: 101, parent: 100, residentBytes: 20_480 },
    { pid: 102, parent: 101, residentBytes: 3072 },
  ]);
  t.deepEqual(treeOf(readProcesses(printed), 999), []);
});

test("this process is among the machine's, with its memory", async (t) => {
  const own = treeOf(await listProcesses(), process.pid)[0]!;
  t.is(own.parent, process.ppid);
  t.true(Math.abs(own.residentBytes / process.memoryUsage.rss() - 1) < 0.5);
});
