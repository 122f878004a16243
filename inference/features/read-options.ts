/** How requests are read. */
export interface ReadOptions {
  /** Rows of a request at most. */
  readonly rowLimit: number;
  /** Whether features that the model doesn't know are passed over; else they are refused. */
  readonly ignoreUnknown: boolean;
}
