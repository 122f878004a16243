import test from "ava";
import { runScript } from "./fixtures/run-script.ts";
import { tinyService } from "./fixtures/tiny-service.ts";

test("its status says whether the service in the same container is ready, whatever address that listens on", async (t) => {
  const service = await tinyService();
  t.teardown(service.close);
  const { port } = new URL(service.endpoint);
  for (const HOST of ["0.0.0.0", "127.0.0.1"])
    t.deepEqual(await runScript("healthcheck.ts", { HOST, PORT: port }), { status: 0, stdout: "", stderr: "" });
  service.serving.drain();
  const { status, stderr } = await runScript("healthcheck.ts", { PORT: port });
  t.is(status, 1);
  t.regex(stderr, /^\/health: expected status 200, got 503: .*draining.*\n$/);
});
