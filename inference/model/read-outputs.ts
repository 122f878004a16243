import type { InferenceSession, Tensor } from "onnxruntime-node";
import type { Predictions } from "../features/feature-rows.ts";
import type { ClassLabels } from "./graph/class-labels.ts";
import type { OutputRoles } from "./output-roles.ts";
import { UnsupportedModel } from "./unsupported-model.ts";

type Results = InferenceSession.OnnxValueMapType;

/** A session's answer to `rows` rows as predictions. @throws UnsupportedModel where it isn't of a shape for so many. */
export type ReadOutputs = (results: Results, rows: number) => Predictions;

interface Matrix {
  readonly probabilities: Float64Array;
  readonly classes: number;
}

/** A graph that gives no probabilities, or none that are read. */
const nothing: Matrix = { probabilities: new Float64Array(), classes: 0 };

/** @param classes - by which the greatest probability is the label, where no output is. */
export function outputReader({ label, value, probabilities }: OutputRoles, classes?: ClassLabels): ReadOutputs {
  const answer = label ?? value;
  const readProbabilities = matrixReader(probabilities);
  if (!answer)
    return (results, rows) => {
      const matrix = readProbabilities(results, rows);
      return { values: likeliest(matrix, rows, classes!), ...matrix };
    };
  const { name, type } = answer;
  const readValues = type === "string" ? readTexts : readNumbers;
  return (results, rows) => {
    const { probabilities, classes } = readProbabilities(results, rows);
    return { values: readValues(name, results[name] as Tensor, rows), probabilities, classes };
  };
}

/** Whether numbers can be probabilities; what isn't a number doesn't tell. */
export function areProbabilities(numbers: Float64Array): boolean {
  const tolerance = 1e-3;
  return numbers.every((number) => !(number < -tolerance || number > 1 + tolerance));
}

function matrixReader(probabilities: OutputRoles["probabilities"]): (results: Results, rows: number) => Matrix {
  if (!probabilities) return () => nothing;
  const { kind, names } = probabilities;
  return kind === "matrix"
    ? (results, rows) => readMatrix(names[0]!, results[names[0]!] as Tensor, rows)
    : (results, rows) => readColumns(names, results, rows);
}

function readMatrix(name: string, { data, dims }: Tensor, rows: number): Matrix {
  if (dims.length !== 2 || dims[0] !== rows) throw unexpected(name, dims, `${rows}, classes`);
  return { probabilities: toFloat64(data as Float32Array), classes: dims[1]! };
}

function readColumns(names: readonly string[], results: Results, rows: number): Matrix {
  const classes = names.length;
  const probabilities = new Float64Array(rows * classes);
  for (let at = 0; at < classes; at++) {
    const { data, dims } = results[names[at]!] as Tensor;
    const column = data as Float32Array;
    if (column.length !== rows) throw unexpected(names[at]!, dims, String(rows));
    for (let row = 0; row < rows; row++) probabilities[row * classes + at] = column[row]!;
  }
  return { probabilities, classes };
}

function readNumbers(name: string, { data, dims }: Tensor, rows: number): Float64Array {
  if (data.length !== rows) throw unexpected(name, dims, String(rows));
  return data instanceof BigInt64Array ? fromInt64(data) : toFloat64(data as Float32Array);
}

function readTexts(name: string, { data, dims }: Tensor, rows: number): readonly string[] {
  if (data.length !== rows) throw unexpected(name, dims, String(rows));
  return data as string[];
}

function toFloat64(data: Float64Array | Float32Array): Float64Array {
  return data instanceof Float64Array ? data : new Float64Array(data);
}

/** From halves of 32 bits, low one first as on all of Node's processors: a BigInt each would be an allocation each. */
function fromInt64({ buffer, byteOffset, length }: BigInt64Array): Float64Array {
  const halves = new Int32Array(buffer, byteOffset, length * 2);
  const numbers = new Float64Array(length);
  for (let at = 0; at < length; at++) numbers[at] = halves[2 * at + 1]! * 2 ** 32 + (halves[2 * at]! >>> 0);
  return numbers;
}

/** The label of each row's greatest probability, the first one of equals. */
function likeliest({ probabilities, classes }: Matrix, rows: number, labels: ClassLabels): Predictions["values"] {
  if (classes !== labels.length)
    throw new UnsupportedModel(`its metadata names ${labels.length} classes, and it gives ${classes} values a row`);
  const found = Array.from({ length: rows }, (_, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    return labels[own.reduce((best, value, at) => (value > own[best]! ? at : best), 0)]!;
  });
  return typeof found[0] === "number" ? Float64Array.from(found as number[]) : (found as string[]);
}

function unexpected(name: string, dims: readonly number[], expected: string): UnsupportedModel {
  return new UnsupportedModel(`its output ${name} came with the shape [${dims}], expected [${expected}]`);
}
