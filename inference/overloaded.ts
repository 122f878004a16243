/** How long a prediction may wait for its turn, ms: what takes longer, its client may not wait for. */
export const defaultQueueMs = 1000;

/** There is more to do than can be done: a request isn't answered. */
export class Overloaded extends Error {
  constructor() {
    super("too many predictions wait already");
  }
}
