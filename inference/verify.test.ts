import test, { type ExecutionContext } from "ava";
import type { Expectation } from "../mlflow/expectation.ts";
import { sha256Hex } from "../mlflow/model-folder.ts";
import { tinyArtifact } from "./fixtures/tiny-classifier.ts";
import { tinyService } from "./fixtures/tiny-service.ts";
import { BearerTokens } from "./http/bearer-tokens.ts";
import { VerificationError, verifyEndpoint } from "./verify.ts";

const { onnx, golden } = tinyArtifact(0.1);
const expectation: Expectation = { modelName: "tiny", modelVersion: "1", sha256: sha256Hex(onnx), golden };

async function endpoint(t: ExecutionContext, options: Parameters<typeof tinyService>[0] = {}): Promise<string> {
  const service = await tinyService(options);
  t.teardown(service.close);
  return service.endpoint;
}

test("a service that is what was asked for passes, with and without a golden sample", async (t) => {
  const url = await endpoint(t);
  const { golden: _, ...withoutGolden } = expectation;
  await t.notThrowsAsync(verifyEndpoint(url, expectation));
  await t.notThrowsAsync(verifyEndpoint(url, withoutGolden));
});

const other = tinyArtifact(0.2).golden;
for (const [title, check, message, wanted] of [
  ["name", "/metadata", /expected model_name huge, got "tiny"/, { ...expectation, modelName: "huge" }],
  ["version", "/metadata", /expected model_version 2, got "1"/, { ...expectation, modelVersion: "2" }],
  [
    "sha256",
    "/metadata",
    /expected model_sha256 0{64}, got "[0-9a-f]{64}"/,
    { ...expectation, sha256: "0".repeat(64) },
  ],
  [
    "golden sample",
    "/predict",
    /doesn't come back: row 0, probability 0: expected 0\.7/,
    { ...expectation, golden: other },
  ],
  [
    "features",
    "/predict",
    /got status 422: .*inputs.height/,
    { ...expectation, golden: { ...golden, columns: ["age", "income", "height"] } },
  ],
] as const)
  test(`another ${title} is found by ${check}`, async (t) => {
    const error = await t.throwsAsync(verifyEndpoint(await endpoint(t), wanted), {
      instanceOf: VerificationError,
      message,
    });
    t.is((error as VerificationError).check, check);
  });

test("a service that asks for a token is proven with one of its own, and not with another", async (t) => {
  const [token, other] = ["a".repeat(32), "b".repeat(32)];
  const url = await endpoint(t, { tokens: new BearerTokens([token]) });
  await t.notThrowsAsync(verifyEndpoint(url, expectation, { token }));
  for (const wrong of [other, undefined]) {
    const error = await t.throwsAsync(verifyEndpoint(url, expectation, { token: wrong }), {
      instanceOf: VerificationError,
      message: /\/metadata: expected status 200 .*got status 401/,
    });
    t.false(error.message.includes(other));
  }
});

test("a service that isn't ready is found by /health", async (t) => {
  const url = await endpoint(t, { loaded: false });
  await t.throwsAsync(verifyEndpoint(url, expectation), {
    message: /\/health: expected status 200 .*got status 503: .*loading/,
  });
});

test("a service that isn't there is found by /health", async (t) => {
  const service = await tinyService({ loaded: false });
  await service.close();
  await t.throwsAsync(verifyEndpoint(service.endpoint, expectation), {
    instanceOf: VerificationError,
    message: /GET .*\/health: .*ECONNREFUSED/,
  });
});
