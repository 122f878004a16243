import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { python } from "./python.ts";

/** A process of moto, which answers as AWS does. */
export interface MotoProcess {
  /** `http://127.0.0.1:PORT`, for every service. */
  readonly uri: string;
  stop(): Promise<void>;
}

/**
 * Starts moto's server on a free port.
 *
 * @param cwd Where it puts what it records.
 * @throws Error with its output when it ends first.
 */
export async function startMoto(cwd: string): Promise<MotoProcess> {
  const child = spawn(join(dirname(await python()), "moto_server"), ["-H", "127.0.0.1", "-p", "0"], {
    cwd,
    env: { ...process.env, PYTHONUNBUFFERED: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  let output = "";
  const uri = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      output += chunk;
      const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (address !== undefined) resolve(address);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`moto_server ended with ${code}:\n${output}`)));
  });
  return {
    uri,
    async stop() {
      child.kill("SIGKILL");
      await closed;
    },
  };
}
