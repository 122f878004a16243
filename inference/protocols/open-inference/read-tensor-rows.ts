import type { FeatureColumn } from "../../features/feature-column.ts";
import { InvalidFeatures } from "../../features/feature-problem.ts";
import type { FeatureRows } from "../../features/feature-rows.ts";
import type { ReadOptions } from "../../features/read-options.ts";
import { emptyRows, type RowsInTheMaking, writeValue } from "../../features/write-row.ts";
import type { InputTensor } from "./input-tensor.ts";
import { tensorProblems } from "./tensor-problems.ts";

/**
 * Reads tensors as rows: one of shape [rows] or [rows, 1] a feature, named like it; or a single one of shape
 * [rows, features], whatever its name.
 *
 * @throws InvalidFeatures naming each missing, unknown or ill-typed feature, and where.
 */
export function readTensorRows(
  columns: readonly FeatureColumn[],
  tensors: readonly InputTensor[],
  options: ReadOptions,
): FeatureRows {
  const placed = placeTensors(columns, tensors, options.ignoreUnknown);
  const count = placed?.[0]?.tensor.rows ?? 0;
  if (placed && count > 0 && placed.every(({ tensor }) => tensor.rows === count)) {
    const rows = emptyRows(columns, count);
    if (placed.every(({ tensor, at }) => writeTensor(rows, columns, tensor, at))) return rows;
  }
  throw new InvalidFeatures(tensorProblems(columns, tensors, options));
}

/** Whether a request's tensors are a single one of all features. */
export function isMatrix(columns: readonly FeatureColumn[], [tensor, ...others]: readonly InputTensor[]): boolean {
  return tensor !== undefined && others.length === 0 && tensor.matrix && tensor.width === columns.length;
}

/** Each tensor with the place of its first feature; undefined where something is wrong with their names or widths. */
function placeTensors(
  columns: readonly FeatureColumn[],
  tensors: readonly InputTensor[],
  ignoreUnknown: boolean,
): { tensor: InputTensor; at: number }[] | undefined {
  if (isMatrix(columns, tensors)) return [{ tensor: tensors[0]!, at: 0 }];
  const placed: { tensor: InputTensor; at: number }[] = [];
  const seen = new Set<string>();
  for (const tensor of tensors) {
    const at = columns.findIndex(({ name }) => name === tensor.name);
    if (at < 0 && ignoreUnknown) continue;
    if (at < 0 || tensor.width !== 1 || seen.has(tensor.name)) return undefined;
    seen.add(tensor.name);
    placed.push({ tensor, at });
  }
  return columns.every(({ name, optional }) => optional || seen.has(name)) ? placed : undefined;
}

/** @returns false where an element is ill-typed, which is then looked for in its own time. */
function writeTensor(
  rows: RowsInTheMaking,
  columns: readonly FeatureColumn[],
  { datatype, width, elements }: InputTensor,
  at: number,
): boolean {
  for (let row = 0, from = 0; row < rows.count; row++, from += width)
    for (let place = 0; place < width; place++)
      if (!writeValue(rows, columns, row, at + place, datatype.read(elements[from + place]))) return false;
  return true;
}
