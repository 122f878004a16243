import type { ColumnSpec } from "../../mlflow/model-folder.ts";

/** How a version's inputs differ from another's: what its clients have to know. */
export interface SchemaChange {
  readonly added: readonly ColumnSpec[];
  readonly removed: readonly ColumnSpec[];
  readonly retyped: readonly { readonly name: string; readonly from: ColumnSpec; readonly to: ColumnSpec }[];
}

/** Compares inputs by name; their order is none of a client's concern. */
export function compareSchemas(from: readonly ColumnSpec[], to: readonly ColumnSpec[]): SchemaChange {
  const before = new Map(from.map((column) => [column.name, column]));
  const after = new Map(to.map((column) => [column.name, column]));
  return {
    added: to.filter(({ name }) => !before.has(name)),
    removed: from.filter(({ name }) => !after.has(name)),
    retyped: to.flatMap((column) => {
      const old = before.get(column.name);
      const differs = old && (old.type !== column.type || old.required !== column.required);
      return differs ? [{ name: column.name, from: old, to: column }] : [];
    }),
  };
}

/** In words, as "+ age (long), tenure long → double". */
export function describeSchemaChange({ added, removed, retyped }: SchemaChange): string {
  const type = ({ type, required }: ColumnSpec) => `${type}${required ? "" : ", optional"}`;
  const parts = [
    ...added.map((column) => `+ ${column.name} (${type(column)})`),
    ...removed.map((column) => `- ${column.name} (${type(column)})`),
    ...retyped.map(({ name, from, to }) => `${name} (${type(from)}) → (${type(to)})`),
  ];
  return parts.length > 0 ? parts.join(", ") : "the same inputs";
}
