import { describe, InvalidFeatures, invalidValue } from "../../features/feature-problem.ts";

/**
 * The elements of a tensor's `data`, which is flat or nested.
 *
 * @param tensor - its path, for problems.
 * @returns rows x width, row-major; what each of them is isn't looked at.
 * @throws InvalidFeatures where there are more or fewer.
 */
export function jsonElements(data: unknown, rows: number, width: number, tensor: string): readonly unknown[] {
  if (!Array.isArray(data))
    throw invalidValue(`${tensor}.data`, "an array", data, data === undefined ? "missing" : "type");
  const elements = Array.isArray(data[0]) ? flatten(data, width, tensor) : data;
  if (elements.length === rows * width) return elements;
  const expected = `${rows * width} values, as the shape says`;
  throw new InvalidFeatures([
    { path: `${tensor}.data`, problem: "length", expected, received: `${elements.length} values` },
  ]);
}

function flatten(data: readonly unknown[], width: number, tensor: string): readonly unknown[] {
  const odd = data.findIndex((row) => !Array.isArray(row) || row.length !== width);
  if (odd < 0) return data.flat();
  const expected = `an array of ${width}, as the shape says`;
  throw new InvalidFeatures([
    { path: `${tensor}.data[${odd}]`, problem: "length", expected, received: describe(data[odd]) },
  ]);
}
