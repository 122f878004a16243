import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";

/**
 * A benchmark of one server, which starts a process of its own, which connects to `port` for as long as it lives, and says
 * where the benchmark's files are. Then comes what `ending` does.
 */
const bench = (port: number, ending: string) => `
  import { runBench } from ${JSON.stringify(join(import.meta.dirname, "bench-scope.ts"))};
  await runBench(async (scope) => {
    const inner = \`
      const socket = require("node:net").connect(${port}, "127.0.0.1");
      socket.write(process.argv[1], () => console.log("connected"));
    \`;
    const server = \`
      const [port, inner, folder] = process.argv.slice(1);
      const child = require("node:child_process").spawn(process.execPath, ["-e", inner, folder]);
      const http = require("node:http").createServer((_, response) => response.end());
      child.stdout.once("data", () => http.listen(port, "127.0.0.1"));
    \`;
    const args = (port) => ["-e", server, String(port), inner, scope.folder];
    const launch = (port) => ({ command: process.execPath, args: args(port), env: {} });
    await scope.start("server", "/", launch);
    ${ending}
  });
`;

async function run(t: ExecutionContext, ending: string, signal?: NodeJS.Signals) {
  const temporary = await mkdtemp(join(tmpdir(), "bench-scope-"));
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const script = bench((listener.address() as AddressInfo).port, ending);
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "ignore", "pipe"],
  });
  t.teardown(async () => {
    child.kill("SIGKILL");
    listener.close();
    await rm(temporary, { recursive: true, force: true });
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const closed = once(child, "close");
  const [socket] = (await once(listener, "connection")) as [Socket];
  // A process that is killed resets its connections.
  const gone = new Promise((resolve) => socket.once("close", resolve).once("error", () => {}));
  const [folder] = await once(socket, "data");
  if (signal) child.kill(signal);
  const [status] = await closed;
  await gone;
  return { status, stderr, folderLeft: existsSync(String(folder)) };
}

const forever = "await new Promise(() => setInterval(() => {}, 1000));";
for (const [title, ending, signal, status, message] of [
  ["that comes to its end", "", undefined, 0, /^$/],
  ["that fails", `throw new Error("no luck");`, undefined, 1, /no luck/],
  ["that is interrupted", forever, "SIGINT", 130, /^$/],
  ["that is terminated", forever, "SIGTERM", 143, /^$/],
] as const)
  test(`a benchmark ${title} leaves no process of its servers, and no files`, async (t) => {
    const ended = await run(t, ending, signal);
    t.is(ended.status, status);
    t.regex(ended.stderr, message);
    t.false(ended.folderLeft);
  });
