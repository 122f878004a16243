/** A model that isn't the one asked for. */
export class ModelMismatch extends Error {
  /** The check that failed. */
  readonly check: "version" | "sha256" | "golden";

  constructor(check: ModelMismatch["check"], message: string) {
    super(message);
    this.name = "ModelMismatch";
    this.check = check;
  }
}
