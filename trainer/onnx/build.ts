import type { Attribute, Tensor, ValueInfo } from "./messages.ts";

/** Element types of tensors (ONNX `TensorProto.DataType`). */
export const dataType = { uint8: 2, int64: 7, double: 11 } as const;

const attributeType = { int: 2, tensor: 4, ints: 7 } as const;

/** An attribute that holds one integer. */
export function intAttribute(name: string, i: number): Attribute {
  return { name, type: attributeType.int, i };
}

/** An attribute that holds integers, one a node or leaf. */
export function intsAttribute(name: string, ints: readonly number[]): Attribute {
  return { name, type: attributeType.ints, ints };
}

/** An attribute that holds a tensor. */
export function tensorAttribute(name: string, t: Tensor): Attribute {
  return { name, type: attributeType.tensor, t };
}

/** A one-dimensional tensor of doubles. ONNX's raw data is little-endian, whatever the machine is. */
export function doubles(values: readonly number[], name?: string): Tensor {
  return tensor(values, dataType.double, 8, (view, offset, value) => view.setFloat64(offset, value, true), name);
}

/** A one-dimensional tensor of 64-bit integers. */
export function integers(values: readonly number[], name?: string): Tensor {
  return tensor(
    values,
    dataType.int64,
    8,
    (view, offset, value) => view.setBigInt64(offset, BigInt(value), true),
    name,
  );
}

/** A one-dimensional tensor of bytes. */
export function bytes(values: Uint8Array): Tensor {
  return { dims: [values.length], data_type: dataType.uint8, raw_data: values };
}

/** Name, element type and shape of a graph's input or output; a string is a dimension known at run time. */
export function valueInfo(name: string, elementType: number, shape: readonly (number | string)[]): ValueInfo {
  const dim = shape.map((size) => (typeof size === "number" ? { dim_value: size } : { dim_param: size }));
  return { name, type: { tensor_type: { elem_type: elementType, shape: { dim } } } };
}

function tensor(
  values: readonly number[],
  type: number,
  width: number,
  write: (view: DataView, offset: number, value: number) => void,
  name?: string,
): Tensor {
  const raw = new Uint8Array(values.length * width);
  const view = new DataView(raw.buffer);
  values.forEach((value, index) => {
    write(view, index * width, value);
  });
  return { dims: [values.length], data_type: type, ...(name === undefined ? {} : { name }), raw_data: raw };
}
