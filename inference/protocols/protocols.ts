import type { Protocol } from "../prediction/protocol.ts";
import { invocationsProtocol } from "./mlflow/invocations.ts";
import { nativeProtocol } from "./native.ts";
import { inferProtocol } from "./open-inference/infer.ts";

/** Every way of asking for predictions, by the path of its endpoint. */
export const protocols: Readonly<Record<string, Protocol>> = {
  "/predict": nativeProtocol("inputs"),
  "/batch_predict": nativeProtocol("instances"),
  "/v2/models/{model}/infer": inferProtocol,
  "/v2/models/{model}/versions/{version}/infer": inferProtocol,
  "/invocations": invocationsProtocol,
};
