import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { ShadowModel, ShadowReply, ShadowRequest } from "./messages.ts";

/** Is told what a shadow process does. */
export interface ShadowChildListener {
  replied(reply: ShadowReply): void;
  /** It is gone, by itself. @param how - in words. */
  ended(how: string): void;
}

const entry = join(import.meta.dirname, "shadow-process.ts");

/**
 * A process that holds the shadow's model. Not a thread: a crash in ONNX Runtime, or a run that never ends, is then no
 * matter of the service, and the process can be killed at any time.
 */
export class ShadowChild {
  readonly #child: ChildProcess;
  readonly #replyMs: number;
  #listener: ShadowChildListener | undefined;
  #comparing = 0;
  #timer: NodeJS.Timeout | undefined;
  #late = false;

  /** @param replyMs - a comparison that takes longer ends the process. */
  constructor(model: ShadowModel, replyMs: number, listener: ShadowChildListener) {
    this.#replyMs = replyMs;
    this.#listener = listener;
    // What it prints, when it crashes, belongs into the service's log.
    this.#child = fork(entry, {
      execArgv: [],
      serialization: "advanced",
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#child.on("message", (reply: ShadowReply) => {
      clearTimeout(this.#timer);
      this.#comparing = 0;
      this.#listener?.replied(reply);
    });
    this.#child.once("error", (error) => this.#end(error.message));
    this.#child.once("exit", (code, signal) => this.#end(signal ? `killed by ${signal}` : `exit status ${code}`));
    this.#send({ kind: "load", model });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Rows that it was sent and hasn't told about. */
  get comparing(): number {
    return this.#comparing;
  }

  /** Sends it rows. One comparison at a time; the rows are copied before this returns. */
  compare(request: ShadowRequest & { kind: "compare" }): void {
    this.#comparing = request.answered.rows.count;
    this.#timer = setTimeout(() => {
      this.#late = true;
      this.#child.kill("SIGKILL");
    }, this.#replyMs);
    this.#send(request);
  }

  /** Ends it; its listener isn't told. */
  kill(): void {
    this.#listener = undefined;
    clearTimeout(this.#timer);
    this.#child.kill("SIGKILL");
  }

  #send(request: ShadowRequest): void {
    // Where it is gone, its exit tells.
    this.#child.send(request, () => {});
  }

  #end(how: string): void {
    clearTimeout(this.#timer);
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.ended(this.#late ? `it was killed, as it took more than ${this.#replyMs} ms to compare rows` : how);
  }
}
