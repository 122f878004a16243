import protobuf from "protobufjs/minimal.js";

/** Wire type of a length-delimited field: a message, a string, or bytes. */
const lengthDelimited = 2;

/** One field of a protobuf message, where it lies in its bytes. */
export interface Field {
  readonly number: number;
  /** The whole field, tag included. */
  readonly raw: Uint8Array;
  /** What comes after the tag, and after the length where there is one. */
  readonly value: Uint8Array;
}

/**
 * The fields of a message in their order, known or not, without a copy: what is written back from their `raw` is the
 * same, byte for byte (protobuf.dev/programming-guides/encoding).
 *
 * @throws Error where the bytes aren't protobuf.
 */
export function* fields(message: Uint8Array): Generator<Field> {
  const reader = protobuf.Reader.create(message);
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    const wireType = tag & 7;
    const length = wireType === lengthDelimited ? reader.uint32() : undefined;
    const valueStart = reader.pos;
    if (length === undefined) reader.skipType(wireType);
    else reader.skip(length);
    yield {
      number: tag >>> 3,
      raw: message.subarray(start, reader.pos),
      value: message.subarray(valueStart, reader.pos),
    };
  }
}

/** A length-delimited field around `parts`, in pieces that are yet to be put together. */
export function nested(number: number, parts: readonly Uint8Array[]): Uint8Array[] {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  return [
    protobuf.Writer.create()
      .uint32((number << 3) | lengthDelimited)
      .uint32(size)
      .finish(),
    ...parts,
  ];
}

/** A string field's value. */
export function text({ value }: Field): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8");
}

/** The integers of an int64 field's value: one, or several where they are packed. */
export function integers({ value }: Field): number[] {
  const reader = protobuf.Reader.create(value);
  const found: number[] = [];
  while (reader.pos < reader.len) found.push(Number(reader.int64()));
  return found;
}
