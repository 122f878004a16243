import { connect } from "node:net";

/**
 * The provider's end of a run: what code inside Pulumi's provider process needs to report its progress to {@link deploy}, and
 * to stop when the run is cancelled or its engine is gone. Without a deploy around it, it prints progress as lines.
 */

/** Environment variable with the socket whose closing cancels the run. */
export const channelVariable = "PIPELINE_CHANNEL";
/** Environment variable that is `channel` where progress goes into that socket, rather than to stdout. */
export const progressVariable = "PIPELINE_PROGRESS";

/** What a step is doing, and how far it has come. */
export interface Progress {
  /** Name of the step, as "train". */
  readonly step: string;
  /** What is being done, as "growing trees". */
  readonly message: string;
  /** Where it is counted: how many of `total` are done. */
  readonly done?: number;
  readonly total?: number;
}

/** What {@link duringRun} hands to the work. */
export interface Run {
  /** Aborts when the run is cancelled, on SIGINT and SIGTERM, and when Pulumi's engine has died. */
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

const running = new Set<AbortController>();

/**
 * Does a piece of work that takes a while, inside Pulumi's provider process, which survives the death of its engine and on
 * cancellation hears nothing from it.
 */
export async function duringRun<T>(work: (run: Run) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const cancel = (reason: string) => controller.abort(new Error(reason));
  const interrupt = () => cancel("interrupted");
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const name of signals) process.once(name, interrupt);
  running.add(controller);
  const channel = openChannel(() => cancel("cancelled"));
  try {
    return await work({ signal: controller.signal, report: channel?.send ?? progressPrinter(console.log) });
  } finally {
    channel?.close();
    running.delete(controller);
    for (const name of signals) process.off(name, interrupt);
  }
}

function openChannel(onLost: () => void) {
  const path = process.env[channelVariable];
  if (!path) return undefined;
  const socket = connect(path);
  socket.once("error", onLost).once("close", onLost);
  return {
    ...(process.env[progressVariable] === "channel" && {
      send: (progress: Progress) => void socket.write(`${JSON.stringify(progress)}\n`),
    }),
    close: () => {
      socket.off("close", onLost).off("error", onLost);
      socket.on("error", () => {}).end();
    },
  };
}

/** How long work may take to stop once the engine is gone. */
const stopMs = 2_000;

// A provider process outlives a killed engine, idle, or for ever printing to a broken pipe the error that it cannot print to a
// broken pipe. Its stdin is a pipe from the engine, which ends with it.
if (process.argv[1]?.includes("dynamic-provider")) {
  const end = () => {
    for (const controller of running) controller.abort(new Error("Pulumi's engine is gone"));
    setTimeout(() => process.exit(1), running.size > 0 ? stopMs : 0);
  };
  process.stdin.once("end", end).resume();
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}

/** Prints each message once, and counted ones at each tenth of the way. */
export function progressPrinter(print: (line: string) => void): (progress: Progress) => void {
  let last = "";
  return ({ message, done, total }) => {
    const counted = done !== undefined && total !== undefined;
    const key = counted ? `${message} ${Math.floor((10 * done) / total)}` : message;
    if (key === last) return;
    last = key;
    print(counted ? `${message}: ${done} of ${total}` : message);
  };
}
