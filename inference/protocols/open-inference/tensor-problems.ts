import type { FeatureColumn } from "../../features/feature-column.ts";
import { describe, type FeatureProblem, maxProblems, shorten } from "../../features/feature-problem.ts";
import type { ReadOptions } from "../../features/read-options.ts";
import type { InputTensor } from "./input-tensor.ts";
import { isMatrix } from "./read-tensor-rows.ts";

/** What is wrong with a request's tensors: at least one problem where they can't be read, at most {@link maxProblems}. */
export function tensorProblems(
  columns: readonly FeatureColumn[],
  tensors: readonly InputTensor[],
  { ignoreUnknown }: ReadOptions,
): FeatureProblem[] {
  const problems: FeatureProblem[] = [];
  if (isMatrix(columns, tensors)) addElementProblems(columns, tensors[0]!, problems);
  else addColumnProblems(columns, tensors, ignoreUnknown, problems);
  if (problems.length === 0)
    problems.push({ path: "inputs", problem: "empty", expected: "at least one row", received: "no rows" });
  return problems.slice(0, maxProblems);
}

function addColumnProblems(
  columns: readonly FeatureColumn[],
  tensors: readonly InputTensor[],
  ignoreUnknown: boolean,
  problems: FeatureProblem[],
): void {
  const seen = new Map<string, InputTensor>();
  let first: InputTensor | undefined;
  for (const tensor of tensors) {
    if (problems.length >= maxProblems) return;
    const { name, rows, width, path } = tensor;
    const column = columns.find((column) => column.name === name);
    const add = (member: string, problem: FeatureProblem["problem"], expected: string, received: string) =>
      problems.push({ path: `${path}.${member}`, feature: shorten(name), problem, expected, received });
    if (!column) {
      const all = columns
        .map(({ name }) => name)
        .join(", ")
        .slice(0, 500);
      const received = describe(name);
      if (!ignoreUnknown)
        add("name", "unknown", `one of ${all}, or one tensor of shape [rows, ${columns.length}]`, received);
      continue;
    }
    if (seen.has(name)) add("name", "type", `each input once, as ${seen.get(name)!.path}`, describe(name));
    if (width !== 1) add("shape", "length", "[rows] or [rows, 1]", `[${rows}, ${width}]`);
    else if (first && rows !== first.rows)
      add("shape", "length", `${first.rows} rows, as ${first.path} has`, `${rows} rows`);
    else addElementProblems([column], tensor, problems);
    seen.set(name, tensor);
    first ??= tensor;
  }
  for (const { name: feature, optional, expected } of columns)
    if (!optional && !tensors.some(({ name }) => name === feature))
      problems.push({
        path: "inputs",
        feature,
        problem: "missing",
        expected: `a tensor ${feature}: ${expected}`,
        received: "nothing",
      });
}

/** @param columns - as many as the tensor is wide. */
function addElementProblems(
  columns: readonly FeatureColumn[],
  { datatype, width, elements, path }: InputTensor,
  problems: FeatureProblem[],
): void {
  for (let at = 0; at < elements.length && problems.length < maxProblems; at++) {
    const { name: feature, expected, read } = columns[at % width]!;
    const value = datatype.read(elements[at]);
    if (value !== undefined && read(value) !== undefined) continue;
    const received = describe(elements[at]);
    const place = `${path}.data[${at}]`;
    const wanted = value === undefined ? datatype.expected : expected;
    problems.push({ path: place, feature, problem: "type", expected: wanted, received });
  }
}
