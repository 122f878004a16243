import { performance } from "node:perf_hooks";

/** Share of the time that the event loop may be at work. */
const busiest = 0.7;

/** @returns whether, since it was asked last, the event loop had time to spare. */
export function idleMeter(): () => boolean {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization <= busiest;
  };
}
