/** There is more to do than can be done: a request isn't answered. */
export class Overloaded extends Error {
  constructor() {
    super("too many predictions wait already");
  }
}
