import type { ModelSchema } from "../model/model-schema.ts";
import type { Schema } from "./schema.ts";

/** A row's label or value. */
export function predictionItem({ prediction, classes }: ModelSchema): Schema {
  if (classes) return { type: prediction, enum: classes };
  // A regressor's NaN is null in JSON.
  return prediction === "number" ? nullableNumber : { type: prediction };
}

const nullableNumber: Schema = { type: ["number", "null"] };

/** The probability of one class, likewise. */
export const probabilityItem: Schema = nullableNumber;

/** A row's probabilities, in the order of the classes. */
export function probabilitiesItem({ classes }: ModelSchema): Schema {
  const exactly = classes && { minItems: classes.length, maxItems: classes.length };
  return { type: "array", items: probabilityItem, ...exactly };
}
