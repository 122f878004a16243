import { type ChildProcess, fork } from "node:child_process";
import { rmSync } from "node:fs";
import type { Socket } from "node:net";
import { clientToken } from "../../inference/client-token.ts";
import type { InstanceMessage, SupervisorMessage } from "../../inference/supervised.ts";
import { verifyEndpoint } from "../../inference/verify.ts";
import { logSize, logTail } from "./log-file.ts";
import { runFiles, writePrivately } from "./run-files.ts";
import type { ServeSpec } from "./serve-spec.ts";

/** How long an instance may take to load its model. */
const readyWithinMs = 120_000;

/** One running inference service, a child of the supervisor; its files lie in the current folder. */
export class Instance {
  readonly spec: ServeSpec;
  readonly startedAt = performance.now();
  /** How it ended, in words. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #logFrom = logSize(runFiles.log);
  /** Connections on their way to it, in order; each with what to do should it end before it took them. */
  readonly #underway: { readonly socket: Socket; readonly refused: () => void }[] = [];
  #endpoint: string | undefined;

  constructor(spec: ServeSpec, id: string, number: number) {
    const expectationFile = `expectation-${number}.json`;
    writePrivately(expectationFile, JSON.stringify(spec.expectation));
    this.spec = spec;
    this.#child = fork(spec.entry, ["--supervisor", id], {
      execPath: spec.execPath,
      execArgv: [],
      env: {
        ...spec.env,
        MODEL_NAME: spec.expectation.modelName,
        MODEL_VERSION: spec.expectation.modelVersion,
        // Relative, as the folder may have moved since this process asked for its name.
        MODEL_EXPECTATION_FILE: `./${expectationFile}`,
        HOST: "127.0.0.1",
        PORT: "0",
      },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#child.on("message", ({ kind }: InstanceMessage) => {
      if (kind === "taken") this.#underway.shift()?.socket.destroy();
    });
    this.ended = endOf(this.#child).finally(() => rmSync(expectationFile, { force: true }));
    this.ended.then(() => {
      for (const { refused } of this.#underway.splice(0)) refused();
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Its own address on this machine, away from the public port; absent until it is ready. */
  get endpoint(): string | undefined {
    return this.#endpoint;
  }

  /**
   * Waits until it says that it is ready, then asks it what the expectation says.
   *
   * @throws Error with the reason and the last lines of its log.
   */
  async prove(signal?: AbortSignal): Promise<void> {
    try {
      const { port } = await this.#ready(signal);
      const endpoint = `http://127.0.0.1:${port}`;
      await verifyEndpoint(endpoint, this.spec.expectation, { signal, token: await clientToken(this.spec.env) });
      this.#endpoint = endpoint;
    } catch (cause) {
      signal?.throwIfAborted();
      throw new Error(`${(cause as Error).message}${this.logTail()}`, { cause });
    }
  }

  /**
   * Gives it a client's connection. `refused` is called where it ends before it took it: the socket is kept open here
   * until then, as Node neither sends, nor closes, nor reports what waits in the channel of a process that died.
   */
  take(socket: Socket, refused: () => void): void {
    this.#underway.push({ socket, refused });
    const message: SupervisorMessage = { kind: "connection" };
    this.#child.send(message, socket, { keepOpen: true }, () => {});
  }

  /** Lets it finish what it has, then end. What was given to it before arrives before. */
  drain(): void {
    const message: SupervisorMessage = { kind: "drain" };
    // A channel that is closed means that it drains already, or is gone.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** The last lines of its log, on lines of their own. */
  logTail(): string {
    const tail = logTail(runFiles.log, this.#logFrom, this.pid);
    return tail && `\nThe end of its log:\n${tail}`;
  }

  #ready(signal: AbortSignal | undefined): Promise<{ port: number }> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`the new instance wasn't ready within ${readyWithinMs / 1000} s`));
      const timeout = setTimeout(late, readyWithinMs);
      this.#child.once("message", (message: InstanceMessage) => {
        clearTimeout(timeout);
        if (message.kind === "ready") resolve(message);
        else if (message.kind === "failed") reject(new Error(message.message));
      });
      this.ended.then((how) => {
        clearTimeout(timeout);
        reject(new Error(`the new instance ended before it was ready: ${how}`));
      });
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ? `killed by ${signal}` : `exit status ${code}`));
  });
}
