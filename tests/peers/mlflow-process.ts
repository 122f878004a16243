import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { python } from "./python.ts";

/** A process of real MLflow that listens. */
export interface MlflowProcess {
  /** `http://127.0.0.1:PORT` */
  readonly uri: string;
  /** Ends it with all that it started; once it has ended there is nothing to do. */
  stop(): Promise<void>;
}

/**
 * Starts `mlflow …` and waits until it says that it listens.
 *
 * @throws Error with the end of its output when it ends first.
 */
export async function startMlflow(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<MlflowProcess> {
  const bin = dirname(await python());
  const child = spawn(join(bin, "mlflow"), args, {
    cwd,
    env: {
      ...process.env,
      MLFLOW_ALLOW_FILE_STORE: "true",
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
      ...env,
      PATH: `${bin}:${process.env.PATH}`,
    },
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own: MLflow's command starts others, and ends without them.
    detached: true,
  });
  const closed = once(child, "close");
  let output = "";
  const uri = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      output += chunk;
      const address = /Uvicorn running on (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (address !== undefined) resolve(address);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("error", reject);
    child.once("close", (code) =>
      reject(new Error(`mlflow ${args.join(" ")} ended with ${code}:\n${output.slice(-4000)}`)),
    );
  });
  return {
    uri,
    async stop() {
      const runs = child.exitCode === null && child.signalCode === null;
      if (child.pid !== undefined && runs) process.kill(-child.pid, "SIGKILL");
      await closed;
    },
  };
}
