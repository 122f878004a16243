import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { peerEnvironment, run } from "./python.ts";

/** Other scripts beside Feast's may be called like the packages that it imports. */
const safePath = { PYTHONSAFEPATH: "1" };

/** Feast's own feature server, which listens. */
export interface FeastProcess {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** Ends it with all that it started; once it has ended there is nothing to do. */
  stop(): Promise<void>;
}

/** Runs `feast …` on a repository to its end. */
export async function feast(repository: string, ...args: string[]): Promise<string> {
  const command = join(await peerEnvironment(), "bin", "feast");
  // Its duckdb store reads relative sources from the working directory, not from the repository.
  return run(command, args, { cwd: repository, env: { ...process.env, ...safePath } });
}

/**
 * Starts `feast serve` and waits until it says that it is ready.
 *
 * @param port - 0 for a free one.
 * @throws Error with the end of its output when it ends first.
 */
export async function serveFeast(repository: string, port = 0): Promise<FeastProcess> {
  const command = join(await peerEnvironment(), "bin", "feast");
  const child = spawn(command, ["serve", "--port", String(port), "--no-access-log"], {
    cwd: repository,
    // Its server keeps a control socket in the home folder.
    env: { ...process.env, ...safePath, HOME: repository },
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own: it forks workers.
    detached: true,
  });
  const closed = once(child, "close");
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      output += chunk;
      const address = /Listening at: (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (address !== undefined && output.includes("Application startup complete")) resolve(address);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`feast serve ended with ${code}:\n${output.slice(-4000)}`)));
  });
  return {
    url,
    port: Number(new URL(url).port),
    async stop() {
      const runs = child.exitCode === null && child.signalCode === null;
      if (child.pid !== undefined && runs) process.kill(-child.pid, "SIGKILL");
      await closed;
    },
  };
}
