import { progressPrinter } from "../../components/run-channel.ts";
import type { DeployEvent, ResourceChange } from "../deploy-event.ts";
import { type StatusLine, statusLine } from "./status-line.ts";

type Stream = Parameters<typeof statusLine>[0];

const barWidth = 24;
const verbs = {
  started: { create: "creating", update: "updating", replace: "replacing", delete: "deleting" },
  done: { create: "created", update: "updated", replace: "replaced", delete: "deleted" },
  failed: {
    create: "could not be created",
    update: "could not be updated",
    replace: "could not be replaced",
    delete: "could not be deleted",
  },
};

/** Draws a deployment's events: what lasts in place on a terminal, otherwise as plain lines. */
export class Reporter {
  readonly #status: StatusLine;
  readonly #inPlace: boolean;
  readonly #preview: boolean;
  readonly #printProgress: ReturnType<typeof progressPrinter>;

  constructor(stream: Stream, preview: boolean) {
    this.#status = statusLine(stream);
    this.#inPlace = stream.isTTY === true;
    this.#preview = preview;
    this.#printProgress = progressPrinter((line) => this.#status.print(`  ${line}`));
  }

  readonly report = (event: DeployEvent): void => {
    if (event.type === "phase") this.#status.show(event.message);
    else if (event.type === "progress") this.#progress(event);
    else if (event.type === "resource") this.#resource(event.status, event.change);
    else this.#status.print(event.severity === "warning" ? `warning: ${event.message}` : `  ${event.message}`);
  };

  /** Prints a line that stays. */
  print(line: string): void {
    this.#status.print(line);
  }

  close(): void {
    this.#status.clear();
  }

  #progress(progress: Extract<DeployEvent, { type: "progress" }>): void {
    const { message, done, total } = progress;
    const inPlace = this.#inPlace && done !== undefined && total !== undefined && done < total;
    if (!inPlace) {
      if (this.#inPlace) this.#status.clear();
      this.#printProgress(progress);
      return;
    }
    const filled = Math.round((barWidth * done) / total);
    this.#status.draw(`  ${message} ${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ${done} of ${total}`);
  }

  #resource(status: "started" | "done" | "failed", { name, kind, changed, operation }: ResourceChange): void {
    const because = changed.length > 0 && status !== "failed" ? ` (${changed.join(", ")})` : "";
    const line = (verb: string) => `  ${name} (${kind}): ${verb}${because}`;
    if (this.#preview && status === "done") this.#status.print(line(`would ${operation}`));
    if (this.#preview) return;
    if (status === "started") this.#status.show(line(verbs.started[operation]));
    else this.#status.print(line(verbs[status][operation]));
  }
}
