import type { ServedModel } from "../../model/served-model.ts";
import { serviceVersion } from "../../version.ts";
import { datatypeOf } from "./datatypes.ts";
import { outputDatatype, outputNames } from "./output-tensor.ts";

/** What the server is, whatever it serves. */
export const serverMetadata = { name: "ml-inference", version: serviceVersion, extensions: ["binary_tensor_data"] };

/** What a model takes and gives: a tensor a feature in, and the outputs that can be asked for. -1 is any length. */
export function modelMetadata({ name, version, schema }: Pick<ServedModel, "name" | "version" | "schema">): object {
  return {
    name,
    versions: [version],
    platform: "onnx_onnxv1",
    inputs: schema.columns.map(({ name, type }) => ({ name, datatype: datatypeOf[type], shape: [-1] })),
    outputs: outputNames(schema).map((name) => ({
      name,
      datatype: outputDatatype(name, schema),
      shape: name === "probabilities" ? [-1, schema.classes?.length ?? -1] : [-1],
    })),
  };
}
