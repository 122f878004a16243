import { isDeepStrictEqual } from "node:util";
import { clientToken } from "../../inference/client-token.ts";
import { verifyEndpoint } from "../../inference/verify.ts";
import type { ProviderModule } from "../module-provider.ts";
import type { VerificationInputs, VerificationOutputs } from "./verification.ts";

export const provider: ProviderModule<VerificationInputs, VerificationOutputs> = {
  async check(_olds, news) {
    return { inputs: news };
  },

  async diff(_id, olds, news) {
    const what = ({ endpoint, expectation, deployedAt }: VerificationInputs) => [endpoint, expectation, deployedAt];
    return { changes: !isDeepStrictEqual(what(olds), what(news)) };
  },

  async create(inputs) {
    return { id: inputs.endpoint, outs: await verify(inputs) };
  },

  async update(_id, _olds, news) {
    return { outs: await verify(news) };
  },

  async read(id, props) {
    return { id, props: props! };
  },

  async delete() {},
};

async function verify(inputs: VerificationInputs): Promise<VerificationOutputs> {
  const token = await clientToken({ AUTH_TOKENS_FILE: inputs.authTokensFile });
  await verifyEndpoint(inputs.endpoint, inputs.expectation, { token });
  const { golden } = inputs.expectation;
  const proven = golden
    ? `version, sha256 and ${golden.rows.length} golden rows`
    : "version and sha256 (the model has no golden sample)";
  console.log(`verified ${inputs.endpoint}: ${proven}`);
  return { ...inputs, proven };
}
