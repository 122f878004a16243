import type { ModelSchema } from "../model/model-schema.ts";

/** How one model's rows and answers become comparable with another's. */
export interface Fit {
  /** Of both. */
  readonly task: ModelSchema["task"];
  /** Of each of the shadow's columns: its place among the columns of the model that answers. */
  readonly columns: readonly number[];
  /** Of each of the shadow's classes, likewise; absent where a model doesn't say its classes: then it is the same place. */
  readonly classes?: readonly number[];
}

/** What of a schema decides. */
export type ComparedSchema = Pick<ModelSchema, "columns" | "task" | "prediction" | "classes">;

/**
 * Whether a shadow can be asked the rows of the model that answers: it must take none but its columns, of the same names
 * and types, and predict the same kind of thing.
 *
 * @returns the reason in words where it can't.
 */
export function fitSchemas(main: ComparedSchema, shadow: ComparedSchema): Fit | string {
  if (shadow.task !== main.task) return `it does ${shadow.task}, the model that answers ${main.task}`;
  if ((shadow.prediction === "string") !== (main.prediction === "string"))
    return `its predictions are of type ${shadow.prediction}, those of the model that answers ${main.prediction}`;
  const columns = shadow.columns.map(({ name, type }) =>
    main.columns.findIndex((column) => column.name === name && column.type === type),
  );
  const missing = shadow.columns.filter((_, at) => columns[at]! < 0).map(({ name, type }) => `${name} (${type})`);
  if (missing.length > 0) return `it takes columns that the model that answers doesn't: ${missing.join(", ")}`;
  const { task } = shadow;
  if (!main.classes || !shadow.classes) return { task, columns };
  const known = main.classes;
  const classes = shadow.classes.map((label) => known.indexOf(label));
  if (classes.includes(-1) || classes.length !== known.length)
    return `its classes are ${shadow.classes.join(", ")}, those of the model that answers ${known.join(", ")}`;
  return { task, columns, classes };
}
