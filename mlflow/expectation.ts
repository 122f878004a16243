import { checkGoldenShape, goldenSchema } from "./model-folder/golden.ts";
import { jsonParser } from "./model-folder/schema.ts";
import type { GoldenSample } from "./model-folder/types.ts";

/** A version of a model, by its bytes. */
export interface ExpectedModel {
  readonly modelName: string;
  readonly modelVersion: string;
  /** SHA-256 of the ONNX file, hex. */
  readonly sha256: string;
}

/** What a stack asks of a live service: this version, these bytes, these answers. */
export interface Expectation extends ExpectedModel {
  /** Absent for a model that was registered without one: version and digest are then all that can be proven. */
  readonly golden?: GoldenSample;
}

const parse = jsonParser<Expectation>({
  type: "object",
  required: ["modelName", "modelVersion", "sha256"],
  additionalProperties: false,
  properties: {
    modelName: { type: "string", minLength: 1 },
    modelVersion: { type: "string", pattern: "^[1-9][0-9]*$" },
    sha256: { type: "string", pattern: "^[0-9a-f]{64}$" },
    golden: goldenSchema,
  },
});

/**
 * Reads an expectation from JSON.
 *
 * @param where The file or variable it came from, for the error.
 * @throws MlflowError naming `where` and the property that is not as expected.
 */
export function parseExpectation(json: string, where: string): Expectation {
  const expectation = parse(json, where);
  if (expectation.golden !== undefined) checkGoldenShape(expectation.golden, `${where}: golden`);
  return expectation;
}

/**
 * Compares answers with a golden sample's.
 *
 * @param probabilities rows x classes.
 * @param predictions One label a row.
 * @param tolerance Largest allowed difference of a probability; labels must be equal.
 * @returns undefined where they are equal, else the first difference in words: row, value, expected and got.
 */
export function compareGolden(
  golden: GoldenSample,
  probabilities: readonly (readonly number[])[],
  predictions: readonly (number | string)[],
  tolerance = 1e-6,
): string | undefined {
  const rows = golden.rows.length;
  if (predictions.length !== rows) return `expected ${rows} predictions, one a row, got ${predictions.length}`;
  if (probabilities.length !== rows)
    return `expected ${rows} rows of probabilities, one a row, got ${probabilities.length}`;
  for (let row = 0; row < rows; row++) {
    const expected = golden.probabilities[row] ?? [];
    const got = probabilities[row] ?? [];
    if (got.length !== expected.length)
      return `row ${row}: expected ${expected.length} probabilities, one a class, got ${got.length}`;
    // Not `difference > tolerance`: that lets NaN pass.
    const column = expected.findIndex((value, index) => !(Math.abs(value - (got[index] ?? Number.NaN)) <= tolerance));
    if (column >= 0)
      return `row ${row}, probability ${column}: expected ${expected[column]}, got ${got[column]} (tolerance ${tolerance})`;
    if (predictions[row] !== golden.predictions[row])
      return `row ${row}: expected prediction ${golden.predictions[row]}, got ${predictions[row]}`;
  }
  return undefined;
}
