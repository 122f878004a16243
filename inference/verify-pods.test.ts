import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import type { Expectation } from "../mlflow/expectation.ts";
import { sha256Hex } from "../mlflow/model-folder.ts";
import { runScript } from "./fixtures/run-script.ts";
import { tinyArtifact } from "./fixtures/tiny-classifier.ts";
import { tinyService } from "./fixtures/tiny-service.ts";
import { BearerTokens } from "./http/bearer-tokens.ts";
import { verifyUsage } from "./verify-settings.ts";

const { onnx, golden } = tinyArtifact(0.1);
const sha256 = sha256Hex(onnx);
const tiny: Expectation = { modelName: "tiny", modelVersion: "1", sha256, golden };

/** Runs verify-pods.ts against a service of its own. */
async function verifyPods(t: ExecutionContext, expectation: Expectation, tokens = "", shown = tokens) {
  const service = await tinyService(tokens ? { tokens: new BearerTokens([tokens]) } : {});
  t.teardown(service.close);
  const folder = await mkdtemp(join(tmpdir(), "verify-pods-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "expectation.json");
  await writeFile(file, JSON.stringify(expectation));
  const AUTH_TOKENS_FILE = shown && join(folder, "tokens");
  if (AUTH_TOKENS_FILE) await writeFile(AUTH_TOKENS_FILE, `# of the service\n${shown}\n`);
  const { port } = new URL(service.endpoint);
  const env = {
    VERIFY_HOST: "127.0.0.1",
    VERIFY_PORT: port,
    VERIFY_SECONDS: "0",
    MODEL_EXPECTATION_FILE: file,
    AUTH_TOKENS_FILE,
  };
  return { port, ...(await runScript("verify-pods.ts", env)) };
}

test.serial("all proven is one line that says by what, and status 0", async (t) => {
  const { status, stdout, stderr } = await verifyPods(t, tiny);
  t.is(stderr, "");
  t.is(stdout, `1 serve version 1 of tiny, proven by sha256 ${sha256} and 4 golden rows\n`);
  t.is(status, 0);
});

test.serial("instances that ask for a token are proven with that of the file, and not with another", async (t) => {
  const [token, other] = ["a".repeat(32), "b".repeat(32)];
  t.like(await verifyPods(t, tiny, token), { status: 0, stderr: "" });
  const { status, stderr } = await verifyPods(t, tiny, token, other);
  t.is(status, 1);
  t.regex(stderr, /\/metadata: expected status 200 .*, got status 401/);
  t.false(stderr.includes(other));
});

test.serial(
  "not proven is one short line on stderr that names address, check, expected and got, and status 1",
  async (t) => {
    const { status, stdout, stderr, port } = await verifyPods(t, { ...tiny, modelVersion: "2" });
    t.is(stdout, "");
    const first = `http://127.0.0.1:${port}/metadata: expected model_version 2, got "1"`;
    t.is(stderr, `127.0.0.1:${port}: not proven within 0 s: 1 of 1 instances didn't pass, the first: ${first}\n`);
    t.is(status, 1);
  },
);

test.serial("a long reason is cut to what a termination message holds", async (t) => {
  const { stderr } = await verifyPods(t, { ...tiny, modelName: "ü".repeat(5000) });
  t.true(Buffer.byteLength(stderr) <= 2048);
  t.is(stderr.split("\n").length, 2);
  t.regex(stderr, /\/metadata: expected model_name üü/);
});

for (const [env, message] of [
  [{}, "VERIFY_HOST: expected the name that leads to all instances, got nothing"],
  [{ VERIFY_HOST: "x" }, "MODEL_EXPECTATION_FILE: expected a file with what each instance must serve, got nothing"],
  [{ VERIFY_HOST: "x", VERIFY_PORT: "http" }, 'VERIFY_PORT: expected a whole number from 1 to 65535, got "http"'],
] as const)
  test.serial(`${message.split(":")[0]} that is wrong is one line and status 2`, async (t) => {
    const { status, stderr } = await runScript("verify-pods.ts", env);
    t.is(status, 2);
    t.is(stderr, `${message}. See --help.\n`);
  });

test.serial("--help prints the help", async (t) => {
  const { status, stdout } = await runScript("verify-pods.ts", {}, ["--help"]);
  t.is(status, 0);
  t.is(stdout, verifyUsage);
});
