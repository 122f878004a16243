import protobuf from "protobufjs";

/**
 * The part of ONNX's messages that an exported forest uses. Names, numbers and types of the fields are those of the
 * ONNX specification (`onnx/onnx-ml.proto`, IR version 8 and later). Repeated numbers are packed, as in ONNX's proto3
 * variant: every protobuf reader takes both, and packed is smaller.
 */
const definitions = `
syntax = "proto2";
message ModelProto {
  optional int64 ir_version = 1;
  optional string producer_name = 2;
  optional GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8;
}
message OperatorSetIdProto { optional string domain = 1; optional int64 version = 2; }
message GraphProto {
  repeated NodeProto node = 1;
  optional string name = 2;
  repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
}
message NodeProto {
  repeated string input = 1;
  repeated string output = 2;
  optional string name = 3;
  optional string op_type = 4;
  repeated AttributeProto attribute = 5;
  optional string domain = 7;
}
message AttributeProto {
  optional string name = 1;
  optional int64 i = 3;
  optional TensorProto t = 5;
  repeated int64 ints = 8 [packed = true];
  optional int32 type = 20;
}
message TensorProto {
  repeated int64 dims = 1 [packed = true];
  optional int32 data_type = 2;
  optional string name = 8;
  optional bytes raw_data = 9;
}
message ValueInfoProto { optional string name = 1; optional TypeProto type = 2; }
message TypeProto {
  message Tensor { optional int32 elem_type = 1; optional TensorShapeProto shape = 2; }
  optional Tensor tensor_type = 1;
}
message TensorShapeProto {
  message Dimension { optional int64 dim_value = 1; optional string dim_param = 2; }
  repeated Dimension dim = 1;
}
`;

const modelProto = protobuf.parse(definitions, { keepCase: true }).root.lookupType("ModelProto");

export interface Tensor {
  readonly dims: readonly number[];
  readonly data_type: number;
  readonly name?: string;
  readonly raw_data: Uint8Array;
}

export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly i?: number;
  readonly t?: Tensor;
  readonly ints?: readonly number[];
}

export interface GraphNode {
  readonly op_type: string;
  readonly domain?: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute?: readonly Attribute[];
}

export interface ValueInfo {
  readonly name: string;
  readonly type: {
    readonly tensor_type: {
      readonly elem_type: number;
      readonly shape: { readonly dim: readonly ({ readonly dim_value: number } | { readonly dim_param: string })[] };
    };
  };
}

export interface Model {
  readonly ir_version: number;
  readonly producer_name: string;
  readonly opset_import: readonly { readonly domain: string; readonly version: number }[];
  readonly graph: {
    readonly name: string;
    readonly node: readonly GraphNode[];
    readonly initializer: readonly Tensor[];
    readonly input: readonly ValueInfo[];
    readonly output: readonly ValueInfo[];
  };
}

/** Serializes a model; the same model gives the same bytes. */
export function encodeModel(model: Model): Uint8Array {
  return modelProto.encode(modelProto.fromObject(model)).finish();
}
