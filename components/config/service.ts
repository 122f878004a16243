import type { ServiceSettings } from "../service-settings.ts";
import type { ConfigSource } from "./source.ts";

/** What the service is told wherever it runs. @throws RunError that names the key, what was expected and what came. */
export function parseService(source: ConfigSource): ServiceSettings {
  const address = /^(https?:\/\/[^/?#@\s]+(\/[^?#\s]*)?)?$/;
  const origin = /^(\*|https?:\/\/[a-z0-9.-]+(:\d+)?)$/;
  return {
    corsOrigins: source.list("corsOrigins", origin, "an origin, as https://app.example.com, or *"),
    maxBodyBytes: source.integer("maxBodyBytes", 1, 2 ** 29),
    maxRows: source.integer("maxRows", 1, 10_000_000),
    maxConnections: source.integer("maxConnections", 1, 1_000_000),
    requestTimeoutSeconds: source.integer("requestTimeoutSeconds", 1, 3600),
    feastUri: source.match("feastUri", address, "a feature server's address, as http://host:6566"),
    feastTimeoutMs: source.integer("feastTimeoutMs", 1, 60_000),
    feastRetries: source.integer("feastRetries", 0, 10),
    maxFeatureAge: source.match("maxFeatureAge", /^(any|ttl|[1-9]\d{0,9})$/, "seconds, ttl or any"),
  };
}
