/** How values of a join key are read. */
export interface JoinKeyReader {
  /** What {@link read} accepts, in words. */
  readonly expected: string;
  /** The value as JSON for Feast, or undefined where it is none of this type. */
  read(value: unknown): string | undefined;
}

const readers: Readonly<Record<string, JoinKeyReader>> = {
  Int64: {
    expected: "a whole number of 64 bits, as a string where it is beyond 53 bits",
    read: (value) => {
      if (Number.isSafeInteger(value)) return String(value);
      if (typeof value !== "string" || !/^(0|-?[1-9]\d{0,18})$/.test(value)) return undefined;
      const integer = BigInt(value);
      return BigInt.asIntN(64, integer) === integer ? value : undefined;
    },
  },
  Int32: {
    expected: "a 32-bit integer",
    read: (value) => (typeof value === "number" && (value | 0) === value ? String(value) : undefined),
  },
  String: {
    // Feast fails at half a surrogate pair, which UTF-8 can't hold.
    expected: "a text",
    read: (value) => (typeof value === "string" && value.isWellFormed() ? JSON.stringify(value) : undefined),
  },
};

/**
 * The reader of a join key's values. Feast answers 500 to a value of another type than the key's, so none may pass.
 *
 * @param type - by its name in `feast.types`.
 */
export function joinKeyReader(type: string): JoinKeyReader {
  return readers[type] ?? { expected: `nothing: a join key of type ${type} can't be looked up`, read: () => undefined };
}
