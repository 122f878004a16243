import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ChangeReport } from "../components/change-report.ts";
import { channelVariable, type Progress, progressVariable } from "../components/run-channel.ts";

/** What program and providers tell a deploy. */
export type ChannelMessage = Progress | { readonly report: ChangeReport };

/** Deploy's end of a run: a socket that providers report their progress to, and whose closing tells them to stop. */
export interface Channel {
  /** Environment variables that lead providers to it. */
  readonly env: Readonly<Record<string, string>>;
  /** Tells what runs now, and what begins later, to stop. */
  cancel(): void;
  close(): Promise<void>;
}

/**
 * Listens for the program and its providers, on a socket that only this user can reach.
 *
 * @param onMessage Receives what they tell; without it they print their progress.
 */
export async function openChannel(onMessage?: (message: ChannelMessage) => void): Promise<Channel> {
  const folder = await mkdtemp(join(tmpdir(), "pipeline-"));
  const path = process.platform === "win32" ? join("\\\\.\\pipe", folder) : join(folder, "run");
  const sockets = new Set<Socket>();
  let cancelled = false;
  const server = createServer((socket) => {
    if (cancelled) return socket.destroy();
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    createInterface({ input: socket }).on("line", (line) => onMessage?.(JSON.parse(line)));
    return undefined;
  });
  const cancel = () => {
    cancelled = true;
    for (const socket of sockets) socket.destroy();
  };
  const close = async () => {
    cancel();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  };
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve));
  const env = { [channelVariable]: path, ...(onMessage && { [progressVariable]: "channel" }) };
  return { env, cancel, close };
}
