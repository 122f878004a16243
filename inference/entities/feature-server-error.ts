/** The feature server can't be asked, or its answer isn't what a model needs. The message is for the log. */
export class FeatureServerError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "FeatureServerError";
  }
}
