import { spawn } from "node:child_process";
import type { automation } from "@pulumi/pulumi";
import semver from "semver";
import type { PulumiCli } from "./pulumi-cli/inspect.ts";

/** What the CLI left when it failed. */
export class PulumiCommandError extends Error {
  readonly code: number | null;
  readonly stderr: string;

  constructor(args: readonly string[], code: number | null, stderr: string) {
    super(stderr.trim() || `pulumi ${args[0]} ended with exit code ${code}`);
    this.name = "PulumiCommandError";
    this.code = code;
    this.stderr = stderr;
  }
}

/** Settings of {@link engineCommand}. */
export interface EngineCommandOptions {
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Has the CLI stop at once, when it was already told to stop. */
  readonly terminate?: AbortSignal | undefined;
}

/**
 * The CLI as the Automation API calls it. Its own runner puts the CLI's folder first on PATH, before the Node.js that is to run
 * the program, and starts it in the caller's process group, where Ctrl-C would reach it twice and so end it the hard way.
 */
export function engineCommand(cli: PulumiCli, { env, terminate }: EngineCommandOptions): automation.PulumiCommand {
  const command = {
    command: cli.file,
    version: semver.parse(cli.version),
    run(
      args: string[],
      cwd: string,
      additional: Record<string, string>,
      onOutput?: (text: string) => void,
      onError?: (text: string) => void,
      signal?: AbortSignal,
    ): Promise<{ stdout: string; stderr: string; code: number }> {
      return new Promise((resolve, reject) => {
        const child = spawn(cli.file, [...args, "--non-interactive"], {
          cwd,
          env: { ...env, ...additional, PULUMI_AUTOMATION_API: "true" },
          stdio: ["ignore", "pipe", "pipe"],
          detached: true,
        });
        const interrupt = () => child.kill("SIGINT");
        if (signal?.aborted) interrupt();
        signal?.addEventListener("abort", interrupt);
        terminate?.addEventListener("abort", interrupt);
        let stdout = "";
        let stderr = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
          stdout += text;
          onOutput?.(text);
        });
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
          stderr += text;
          onError?.(text);
        });
        child.once("error", reject);
        child.once("close", (code) => {
          signal?.removeEventListener("abort", interrupt);
          terminate?.removeEventListener("abort", interrupt);
          if (code === 0) resolve({ stdout, stderr, code });
          else reject(new PulumiCommandError(args, code, stderr));
        });
      });
    },
  };
  return command;
}
