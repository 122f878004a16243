import { type DestinationStream, type Logger, pino } from "pino";
import { LineGatherer } from "./line-gatherer.ts";

/** The service's log: a JSON object a line, on stdout unless told otherwise. */
export function createLog(level: string, lines: DestinationStream = new LineGatherer(1)): Logger {
  return pino({ level, base: { pid: process.pid }, timestamp: isoTime() }, lines);
}

/** `time` in UTC, to the millisecond; lines of the same one share its text, which takes as long as the rest of a line. */
function isoTime(): () => string {
  let last = 0;
  let text = "";
  return () => {
    const now = Date.now();
    if (now !== last) {
      last = now;
      text = `,"time":"${new Date(now).toISOString()}"`;
    }
    return text;
  };
}
