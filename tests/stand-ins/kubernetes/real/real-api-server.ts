import type { ApiServer } from "../api-server.ts";
import type { ProviderSettings } from "../settings.ts";

export function realApiServers(
  _env: Readonly<Record<string, string | undefined>>,
): (settings: ProviderSettings) => ApiServer {
  throw new Error("todo");
}
