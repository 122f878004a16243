import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { freePort } from "../../tests/free-port.ts";
import { startServer } from "./server-process.ts";

async function start(t: ExecutionContext, script: string, command = process.execPath) {
  const folder = await mkdtemp(join(tmpdir(), "server-process-"));
  const port = await freePort();
  const log = join(folder, "log");
  const server = startServer({ command, args: ["-e", script, String(port)], env: {} }, port, "/health", log);
  t.teardown(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return { ...server, log };
}

test("a server is ready at the first 200 of its health path, with its memory and an empty log when that is forgotten", async (t) => {
  const { ready, log } = await start(
    t,
    `let asked = 0;
     require("node:http").createServer(({ url }, response) => {
       console.log(url);
       response.writeHead(++asked < 3 ? 503 : 200).end();
     }).listen(process.argv[1], "127.0.0.1");`,
  );
  const server = await ready;
  t.true(server.startUpSeconds > 0);
  t.is(await readFile(log, "utf8"), "/health\n/health\n/health\n");
  await server.settled();
  await server.forgetLog();
  t.is(await readFile(log, "utf8"), "");
  t.true((await server.residentBytes()) > 10e6);
});

test("one that ends is an error with its status and what it printed", async (t) => {
  const { ready } = await start(t, 'console.error("no such model"); process.exit(3);');
  await t.throwsAsync(ready, { message: /it ended with 3\n.*no such model/s });
});

test("a command that isn't there is an error that names it", async (t) => {
  const { ready } = await start(t, "", "/nowhere/python");
  await t.throwsAsync(ready, { message: /^\/nowhere\/python .*ENOENT/s });
});
