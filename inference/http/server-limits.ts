/** What a server gives a client, and how long it waits for one. */
export interface ServerLimits {
  /**
   * How long an idle connection stays open. A load balancer in front must give its own up sooner, or its next request
   * meets a closed one.
   */
  readonly keepAliveMs: number;
  /** From a request's first byte, or from the begin of a connection, to the end of the head. */
  readonly headerMs: number;
  /** From there to the end of the body; not below `headerMs`. */
  readonly requestMs: number;
  /** From the end of an answer to when its client has taken it. */
  readonly answerMs: number;
  /** Bytes of a request's head. */
  readonly headerBytes: number;
  /** Connections at a time. */
  readonly connections: number;
}

export const defaultLimits: ServerLimits = {
  keepAliveMs: 5000,
  headerMs: 10_000,
  requestMs: 60_000,
  answerMs: 60_000,
  headerBytes: 16_384,
  connections: 4096,
};
