import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Serving } from "../serving.ts";
import type { Settings } from "../settings.ts";
import { Shadow } from "./shadow.ts";

/** The shadow that the settings ask for, not started yet; it ends when `serving` drains. */
export function createShadow(
  { shadow, trackingUri, credentials, modelName: name, runRows }: Settings,
  { drainSignal: signal }: Serving,
  metrics: Registry | undefined,
  logger: Logger,
): Shadow | undefined {
  if (!shadow || !metrics) return undefined;
  const { version, sample } = shadow;
  return new Shadow({ model: { trackingUri, credentials, name, version, runRows }, sample, metrics, logger, signal });
}
