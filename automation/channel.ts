import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { channelVariable, type Progress, progressVariable } from "../components/run-channel.ts";

/** Deploy's end of a run: a socket that providers report their progress to, and whose closing tells them to stop. */
export interface Channel {
  /** Environment variables that lead providers to it. */
  readonly env: Readonly<Record<string, string>>;
  /** Tells what runs now, and what begins later, to stop. */
  cancel(): void;
  close(): Promise<void>;
}

/**
 * Listens for providers, on a socket that only this user can reach.
 *
 * @param onProgress Receives their progress; without it they print it.
 */
export async function openChannel(onProgress?: (progress: Progress) => void): Promise<Channel> {
  const folder = await mkdtemp(join(tmpdir(), "pipeline-"));
  const path = process.platform === "win32" ? join("\\\\.\\pipe", folder) : join(folder, "run");
  const sockets = new Set<Socket>();
  let cancelled = false;
  const server = createServer((socket) => {
    if (cancelled) return socket.destroy();
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    createInterface({ input: socket }).on("line", (line) => onProgress?.(JSON.parse(line)));
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
  const env = { [channelVariable]: path, ...(onProgress && { [progressVariable]: "channel" }) };
  return { env, cancel, close };
}
