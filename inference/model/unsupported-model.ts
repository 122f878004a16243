/** A model that is sound ONNX, but that the service can't serve; the message says why and what to do. */
export class UnsupportedModel extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`this model can't be served: ${reason}`, options);
    this.name = "UnsupportedModel";
  }
}
