import type { SchemaObject } from "ajv";
import { MlflowError } from "../error.ts";
import { jsonParser, numbers, strings } from "./schema.ts";
import type { GoldenSample } from "./types.ts";

/** JSON schema of a golden sample. */
export const goldenSchema: SchemaObject = {
  type: "object",
  required: ["columns", "rows", "predictions", "probabilities"],
  properties: {
    columns: { ...strings, minItems: 1 },
    rows: { type: "array", minItems: 1, items: { type: "array", items: { type: "number", nullable: true } } },
    predictions: numbers,
    probabilities: { type: "array", items: numbers },
  },
};

const parse = jsonParser<GoldenSample>(goldenSchema);

/** The text of golden_sample.json: the same sample, the same bytes. */
export function goldenSampleJson(golden: GoldenSample): string {
  const { columns, rows, predictions, probabilities } = golden;
  return `${JSON.stringify({ columns, rows, predictions, probabilities })}\n`;
}

/**
 * Reads a golden sample.
 *
 * @throws MlflowError naming `where` and the property that is not as expected.
 */
export function parseGoldenSample(text: string, where: string): GoldenSample {
  const golden = parse(text, where);
  checkGoldenShape(golden, where);
  return golden;
}

/** Checks that each row has a value a column and one answer. @throws MlflowError */
export function checkGoldenShape(golden: GoldenSample, where: string): void {
  const { columns, rows, predictions, probabilities } = golden;
  const ragged = rows.findIndex((row) => row.length !== columns.length);
  if (ragged >= 0)
    throw new MlflowError(
      `${where}: expected ${columns.length} values in row ${ragged}, one a column, got ${rows[ragged]?.length}`,
    );
  for (const [name, answers] of Object.entries({ predictions, probabilities }))
    if (answers.length !== rows.length)
      throw new MlflowError(`${where}: expected ${rows.length} ${name}, one a row, got ${answers.length}`);
  const classes = probabilities[0]?.length;
  const uneven = probabilities.findIndex((row) => row.length !== classes);
  if (uneven >= 0)
    throw new MlflowError(
      `${where}: expected ${classes} probabilities in row ${uneven}, as in row 0, got ${probabilities[uneven]?.length}`,
    );
}
