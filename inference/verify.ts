import { compareGolden, type Expectation } from "../mlflow/expectation.ts";
import type { GoldenSample } from "../mlflow/model-folder.ts";
import { goldenInputs, goldenInstances } from "./golden-request.ts";
import { type JsonAnswer, requestJson } from "./request-json.ts";

/** A live service that isn't what was expected. */
export class VerificationError extends Error {
  /** What was asked. */
  readonly check: "/health" | "/metadata" | "/predict" | "/batch_predict";

  constructor(check: VerificationError["check"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "VerificationError";
    this.check = check;
  }
}

/** Options of {@link verifyEndpoint}. */
export interface VerifyOptions {
  /** Of one request. @default 10,000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Bearer token that the service asks for. @default none */
  readonly token?: string | undefined;
}

/**
 * Asks a running service: it must be healthy, serve the expected version and sha256, and answer the golden sample at
 * both predict endpoints. Without a golden sample only version and digest are proven.
 *
 * @param endpoint - base address, such as `http://127.0.0.1:8080`.
 * @throws {@link VerificationError} naming the check that failed, what was expected and what came.
 */
export async function verifyEndpoint(
  endpoint: string,
  expectation: Expectation,
  { token, ...options }: VerifyOptions = {},
): Promise<void> {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const ask = async (check: VerificationError["check"], body?: object): Promise<Record<string, unknown>> => {
    const answer = await requestJson(new URL(check, endpoint), { ...options, headers, body }).catch((cause: Error) => {
      options.signal?.throwIfAborted();
      throw new VerificationError(check, cause.message, { cause });
    });
    return requireOk(endpoint, check, answer);
  };

  const health = await ask("/health");
  expectEqual(endpoint, "/health", "status", "healthy", health.status);
  const metadata = await ask("/metadata");
  expectEqual(endpoint, "/metadata", "model_name", expectation.modelName, metadata.model_name);
  expectEqual(endpoint, "/metadata", "model_version", expectation.modelVersion, metadata.model_version);
  expectEqual(endpoint, "/metadata", "model_sha256", expectation.sha256, metadata.model_sha256);
  const { golden } = expectation;
  if (!golden) return;
  expectGolden(endpoint, "/predict", golden, await ask("/predict", goldenInputs(golden)));
  expectGolden(endpoint, "/batch_predict", golden, await ask("/batch_predict", goldenInstances(golden)));
}

function requireOk(endpoint: string, check: VerificationError["check"], { status, body, text }: JsonAnswer) {
  if (status === 200 && typeof body === "object" && body !== null) return body as Record<string, unknown>;
  const expected = "expected status 200 and a JSON object";
  throw new VerificationError(check, `${endpoint}${check}: ${expected}, got status ${status}: ${text.slice(0, 500)}`);
}

function expectEqual(
  endpoint: string,
  check: VerificationError["check"],
  member: string,
  expected: string,
  got: unknown,
): void {
  if (got === expected) return;
  throw new VerificationError(check, `${endpoint}${check}: expected ${member} ${expected}, got ${JSON.stringify(got)}`);
}

function expectGolden(
  endpoint: string,
  check: VerificationError["check"],
  golden: GoldenSample,
  { probabilities, predictions }: Record<string, unknown>,
): void {
  const difference =
    Array.isArray(probabilities) && probabilities.every(Array.isArray) && Array.isArray(predictions)
      ? compareGolden(golden, probabilities, predictions)
      : "expected predictions and probabilities, an array a row";
  if (difference)
    throw new VerificationError(check, `${endpoint}${check}: the golden sample doesn't come back: ${difference}`);
}
