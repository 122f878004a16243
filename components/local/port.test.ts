import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import test, { type ExecutionContext } from "ava";
import { assertPortFree, reachable } from "./port.ts";

async function listening(t: ExecutionContext, host: string): Promise<number> {
  const server = createServer().listen(0, host);
  t.teardown(() => server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

for (const [taken, asked] of [
  ["127.0.0.1", "127.0.0.1"],
  ["0.0.0.0", "127.0.0.1"],
  ["127.0.0.1", "0.0.0.0"],
] as const)
  test(`a port taken on ${taken} isn't free on ${asked}`, async (t) => {
    const port = await listening(t, taken);
    await t.throwsAsync(assertPortFree(port, asked), {
      message: `port ${port} of ${asked} is taken by another process: stop that one, or choose another port`,
    });
  });

test("a port that nobody has is free, and still is after the check", async (t) => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await assertPortFree(port, "127.0.0.1");
  await t.notThrowsAsync(assertPortFree(port, "127.0.0.1"));
});

test("an address that isn't this machine's is a clear error", async (t) => {
  await t.throwsAsync(assertPortFree(1, "192.0.2.1"), { message: /cannot listen on 192\.0\.2\.1:1: / });
});

test("what listens on all addresses is reached on the loopback one", (t) => {
  t.deepEqual(["0.0.0.0", "::", "10.0.0.1"].map(reachable), ["127.0.0.1", "::1", "10.0.0.1"]);
});
