import { Agent, get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import test from "ava";
import Koa from "koa";
import { listen } from "./http-server.ts";

function fetchText(port: number, agent: Agent | false = false): Promise<{ body: string; response: IncomingMessage }> {
  return new Promise((resolve, reject) => {
    get({ port, host: "127.0.0.1", agent }, async (response) => resolve({ body: await text(response), response })).once(
      "error",
      reject,
    );
  });
}

test("a taken port is an error that names it", async (t) => {
  const first = await listen(new Koa().callback(), "127.0.0.1", 0);
  t.teardown(() => first.drain(0));
  await t.throwsAsync(listen(new Koa().callback(), "127.0.0.1", first.port), {
    message: `cannot listen on 127.0.0.1:${first.port}: another process has that port: stop it, or choose another port`,
  });
});

test("draining lets a request finish that has begun, and accepts no connection more", async (t) => {
  let answer = () => {};
  const app = new Koa();
  const begun = new Promise<void>((resolve) => {
    app.use(async (ctx) => {
      resolve();
      await new Promise<void>((done) => {
        answer = done;
      });
      ctx.set("Connection", "close");
      ctx.body = "finished";
    });
  });
  const server = await listen(app.callback(), "127.0.0.1", 0);
  const pending = fetchText(server.port);
  await begun;
  const drained = server.drain(60_000);
  await t.throwsAsync(fetchText(server.port), { code: "ECONNREFUSED" });
  answer();
  t.is((await pending).body, "finished");
  await drained;
});

test("draining leaves an idle connection open for the request that its client may be about to send", async (t) => {
  let closing = false;
  const app = new Koa();
  app.use((ctx) => {
    if (closing) ctx.set("Connection", "close");
    ctx.body = "answered";
  });
  const server = await listen(app.callback(), "127.0.0.1", 0);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  await fetchText(server.port, agent);
  closing = true;
  const drained = server.drain(60_000);
  const { body, response } = await fetchText(server.port, agent);
  t.is(body, "answered");
  t.is(response.headers.connection, "close");
  await drained;
});

test("what isn't finished in time is cut off", async (t) => {
  const app = new Koa();
  const begun = new Promise<void>((resolve) => {
    app.use(() => {
      resolve();
      return new Promise(() => {});
    });
  });
  const server = await listen(app.callback(), "127.0.0.1", 0);
  const pending = t.throwsAsync(fetchText(server.port), { code: "ECONNRESET" });
  await begun;
  await server.drain(1);
  await pending;
});

test("a kept connection is told for how long it is kept", async (t) => {
  const app = new Koa();
  app.use((ctx) => {
    ctx.body = "answered";
  });
  const server = await listen(app.callback(), "127.0.0.1", 0, { keepAliveMs: 75_000 });
  const agent = new Agent({ keepAlive: true });
  const { response } = await fetchText(server.port, agent);
  t.is(response.headers["keep-alive"], "timeout=75");
  agent.destroy();
  await server.drain(0);
});
