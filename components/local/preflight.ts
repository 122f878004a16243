import { resolve } from "node:path";
import { getStack, RunError } from "@pulumi/pulumi";
import { localRunFolder } from "./local-server.ts";
import { assertPortFree } from "./port.ts";
import { status } from "./supervisor-client.ts";

/**
 * Checks that the stack's server can have its address, before anything is trained for it.
 *
 * @throws RunError where another process listens there.
 */
export async function assertServable({ host, port }: { readonly host: string; readonly port: number }): Promise<void> {
  const own = await status(resolve(localRunFolder(getStack())));
  if (own.running && own.host === host && own.port === port) return;
  // It may be what holds the port, and is stopped before another starts.
  if (!own.running && own.reason === "unresponsive") return;
  try {
    await assertPortFree(port, host);
  } catch (error) {
    throw new RunError(
      `config port: ${(error as Error).message}, with: npm run pulumi -- config set port N --stack ${getStack()}`,
      { cause: error },
    );
  }
}
