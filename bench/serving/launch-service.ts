import { join } from "node:path";
import { freePort } from "../../tests/free-port.ts";
import type { Launch } from "./server-process.ts";

/**
 * The service as it comes: default settings, its log at the default level, and its metrics, on a port of their own.
 *
 * @param env - settings that a benchmark can't do without.
 */
export async function launchService(
  port: number,
  trackingUri: string,
  modelName: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Launch & { readonly metricsPort: number }> {
  const metricsPort = await freePort();
  return {
    command: process.execPath,
    args: [join(import.meta.dirname, "..", "..", "inference", "serve.ts")],
    env: {
      NODE_ENV: "production",
      HOST: "127.0.0.1",
      PORT: `${port}`,
      METRICS_PORT: `${metricsPort}`,
      MLFLOW_TRACKING_URI: trackingUri,
      MODEL_NAME: modelName,
      ...env,
    },
    metricsPort,
  };
}
