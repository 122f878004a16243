import type { ColumnSpec } from "../../mlflow/model-folder.ts";
import type { GraphInput } from "./graph-input.ts";
import { UnsupportedModel } from "./unsupported-model.ts";

/**
 * Which of a signature's columns each input takes, as places in the signature:
 * - one input takes them all, in order, as a DataFrame's values;
 * - of several, an input takes the column of its name, whatever the order. skl2onnx writes what is no letter or digit as
 *   `_`. Inputs that are left and take several columns each get the columns that are left, in order.
 *
 * A column that no input takes is passed over, as in a DataFrame that MLflow is asked with.
 *
 * @throws {@link UnsupportedModel} where an input is without its columns.
 */
export function matchColumns(inputs: readonly GraphInput[], columns: readonly ColumnSpec[]): (readonly number[])[] {
  const [only] = inputs;
  if (only && inputs.length === 1) return [wholeRows(only, columns)];
  const byName = matchNames(inputs, columns);
  const taken = new Set(byName);
  const rest = columns.map((_, at) => at).filter((at) => !taken.has(at));
  const groups = inputs.filter((_, at) => byName[at] === undefined);
  if (groups.length === 0) return byName.map((at) => [at!]);
  checkGroups(groups, rest, columns);
  let next = 0;
  return inputs.map(({ width }, at) => {
    const column = byName[at];
    if (column !== undefined) return [column];
    next += width!;
    return rest.slice(next - width!, next);
  });
}

function wholeRows({ name, width }: GraphInput, columns: readonly ColumnSpec[]): number[] {
  if (width !== undefined && width !== columns.length)
    throw new UnsupportedModel(
      `its input ${name} takes ${width} columns, and its signature has ${columns.length}: ${list(columns)}`,
    );
  return columns.map((_, at) => at);
}

/** The column of each input that takes a single one. */
function matchNames(inputs: readonly GraphInput[], columns: readonly ColumnSpec[]): (number | undefined)[] {
  const names = columns.map(({ name }) => name);
  const exact = inputs.map(({ name, width = 1 }) => (width === 1 ? places(names, name)[0] : undefined));
  const taken = new Set(exact);
  const plainNames = names.map((name, at) => (taken.has(at) ? undefined : plain(name)));
  return inputs.map(({ name, width = 1 }, at) => {
    if (exact[at] !== undefined || width !== 1) return exact[at];
    const found = places(plainNames, plain(name));
    const rivals = inputs.filter((other, place) => exact[place] === undefined && plain(other.name) === plain(name));
    if (found.length > 1 || (found.length === 1 && rivals.length > 1))
      throw new UnsupportedModel(
        `its input ${name} could be any of the columns ${found.map((place) => names[place]).join(", ")}, its inputs being ${list(inputs)}: give them names that differ in letters or digits`,
      );
    return found[0];
  });
}

function checkGroups(groups: readonly GraphInput[], rest: readonly number[], columns: readonly ColumnSpec[]): void {
  const single = groups.find(({ width = 1 }) => width === 1);
  if (single)
    throw new UnsupportedModel(
      `no column of its signature is named like its input ${single.name}: the signature has ${list(columns)}`,
    );
  const width = groups.reduce((sum, input) => sum + input.width!, 0);
  if (width !== rest.length)
    throw new UnsupportedModel(
      `its inputs ${list(groups)} take ${width} columns, and its signature has ${rest.length} for them: ${rest.map((at) => columns[at]!.name).join(", ")}`,
    );
}

function places(names: readonly (string | undefined)[], wanted: string): number[] {
  return names.flatMap((name, at) => (name === wanted ? at : []));
}

function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, "_");
}

function list(named: readonly { readonly name: string }[]): string {
  return named.map(({ name }) => name).join(", ");
}
