import { whole } from "./environment.ts";
import { requestJson } from "./request-json.ts";

// The image's HEALTHCHECK: status 0 while the service in this container is ready, else 1 and the reason.
try {
  const endpoint = `http://${addressOf(process.env.HOST || "127.0.0.1")}:${whole(process.env, "PORT", 8080, 1, 65_535)}`;
  const { status, text } = await requestJson(`${endpoint}/health`, { timeoutMs: 4000 });
  if (status !== 200) throw new Error(`/health: expected status 200, got ${status}: ${text}`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

/** Where a service that listens on `host` is reached from its own machine. */
function addressOf(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
