import type { Environment } from "../environment.ts";

/** Which predictions are kept, and where. */
export interface PayloadLogSettings {
  readonly file: string;
  /** Share of the requests, 0 to 1. */
  readonly sample: number;
}

const defaultSample = 0.01;

export const payloadLogUsage = `  PAYLOAD_LOG_FILE        appends what was asked and predicted, a JSON line a request; SIGHUP opens it anew
  PAYLOAD_LOG_SAMPLE      share of the requests that it takes, 0 to 1     ${defaultSample}
`;

/** @returns undefined where no file is named. @throws Error naming the variable, what was expected and what came. */
export function readPayloadLogSettings(env: Environment): PayloadLogSettings | undefined {
  const { PAYLOAD_LOG_FILE: file, PAYLOAD_LOG_SAMPLE: given } = env;
  const sample = given ? (/^(\d+(\.\d+)?|\.\d+)$/.test(given) ? Number(given) : Number.NaN) : defaultSample;
  if (!(sample >= 0 && sample <= 1))
    throw new Error(`PAYLOAD_LOG_SAMPLE: expected a number from 0 to 1, got ${JSON.stringify(given)}`);
  return file ? { file, sample } : undefined;
}
