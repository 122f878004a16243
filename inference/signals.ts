let end: (signal: NodeJS.Signals) => void = () => process.exit(0);

/**
 * Ends the process with status 0 at SIGTERM and SIGINT, until {@link endBy} says otherwise. To be called before anything
 * that takes its time, the loading of modules included: process 1 of a container doesn't get a signal that it has no
 * handler for, and would be killed at the end of its grace period.
 */
export function catchEndSignals(): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => end(signal));
}

/** Says what the signals do from now on. */
export function endBy(handler: (signal: NodeJS.Signals) => void): void {
  end = handler;
}
