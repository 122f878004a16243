import protobuf from "protobufjs/minimal.js";

/** Wire type of a length-delimited field: a message, a string, or bytes. */
const lengthDelimited = 2;

/** The fields, by message of onnx.proto3, that lead to a TensorProto. */
const paths = {
  ModelProto: { 7: "GraphProto", 25: "FunctionProto" },
  GraphProto: { 1: "NodeProto", 5: "TensorProto", 15: "SparseTensorProto" },
  FunctionProto: { 7: "NodeProto" },
  NodeProto: { 5: "AttributeProto" },
  AttributeProto: {
    5: "TensorProto",
    6: "GraphProto",
    10: "TensorProto",
    11: "GraphProto",
    22: "SparseTensorProto",
    23: "SparseTensorProto",
  },
  SparseTensorProto: { 1: "TensorProto", 2: "TensorProto" },
  TensorProto: {},
} as const satisfies Record<string, Record<number, string>>;

type Message = keyof typeof paths;

/** Field of TensorProto that says where its data is, and its value for another file. */
const dataLocation = 14;
const external = 1;

/**
 * Whether a tensor of an ONNX model keeps its data in another file (TensorProto.data_location EXTERNAL, onnx.proto3).
 *
 * @throws Error where the bytes aren't protobuf.
 */
export function hasExternalData(onnx: Uint8Array): boolean {
  const reader = protobuf.Reader.create(onnx);
  return search(reader, reader.len, "ModelProto");
}

function search(reader: protobuf.Reader, end: number, message: Message): boolean {
  const fields: Readonly<Record<number, Message>> = paths[message];
  while (reader.pos < end) {
    const tag = reader.uint32();
    const [field, wireType] = [tag >>> 3, tag & 7];
    const child = fields[field];
    if (child !== undefined && wireType === lengthDelimited) {
      const length = reader.uint32();
      if (search(reader, reader.pos + length, child)) return true;
    } else if (message === "TensorProto" && field === dataLocation && wireType === 0) {
      if (reader.int32() === external) return true;
    } else reader.skipType(wireType);
  }
  return false;
}
