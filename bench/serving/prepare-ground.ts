import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { python, run } from "../../tests/peers/python.ts";
import type { Answers } from "../../trainer/answers.ts";
import type { FeatureColumn } from "../../trainer/features/index.ts";
import { firstRows } from "./bodies.ts";
import type { Contender, Ground } from "./contenders.ts";
import { customers } from "./customers.ts";
import { type ForestModel, forestParams, trainForestModel } from "./forest-model.ts";

/** Rows of a small request, and of a large one. */
export const [fewRows, manyRows] = [3, 10_000] as const;

/** What is served, what is asked, and what the answers must be. */
export interface PreparedGround extends Ground {
  /** {@link manyRows} rows; a small request has the first {@link fewRows}. */
  readonly asked: readonly FeatureColumn[];
  /** What a forest answers to them. */
  expected(forest: Contender["forest"]): Promise<Answers>;
}

/** Trains the forest and writes down what the servers read, below `folder`. */
export async function prepareGround(folder: string): Promise<PreparedGround> {
  const model = await trainForestModel(folder);
  const asked = customers(manyRows, 2).features;
  const answer = join(folder, "answer.json");
  await writeFile(answer, JSON.stringify(constantAnswer(model, asked)));
  const interpreter = once(() => python(join(import.meta.dirname, "requirements.txt")));
  const sklearn = once(async () => trainSklearn(await interpreter(), folder, model, asked));
  return {
    trackingUri: model.trackingUri,
    modelName: model.name,
    modelFolder: model.folder,
    features: asked.map(({ name }) => name),
    answer,
    scratch: folder,
    asked,
    bin: async () => dirname(await interpreter()),
    sklearnForest: async () => (await sklearn()).file,
    expected: async (forest) => (forest === "ours" ? model.answer(asked) : (await sklearn()).answers),
  };
}

/** The result of a task that is begun when it is first asked for. */
function once<Result>(task: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= task();
    return result;
  };
}

/** An answer as the service gives it to a small request, so that a constant takes as long to serialize and to send. */
function constantAnswer(model: ForestModel, asked: readonly FeatureColumn[]): object {
  const { predictions, probabilities } = model.answer(firstRows(asked, fewRows));
  return {
    predictions: [...predictions],
    probabilities: Array.from(predictions, (_, row) => [...probabilities.subarray(2 * row, 2 * row + 2)]),
    inference_time_ms: 0.123,
    timestamp: "2025-11-06T10:00:00",
    model_name: model.name,
    model_version: model.version,
  };
}

async function trainSklearn(
  interpreter: string,
  folder: string,
  { trainedOn }: ForestModel,
  asked: readonly FeatureColumn[],
): Promise<{ file: string; answers: Answers }> {
  const file = join(folder, "sklearn.joblib");
  const [trainFile, askedFile] = [join(folder, "train.bin"), join(folder, "asked.bin")];
  await writeFile(trainFile, bytes([...trainedOn.features.map(({ values }) => values), trainedOn.churned]));
  await writeFile(askedFile, bytes(asked.map(({ values }) => values)));
  const script = join(import.meta.dirname, "servers", "train_sklearn.py");
  const { nEstimators, maxDepth } = forestParams;
  const args = [script, trainFile, askedFile, file, `${nEstimators}`, `${maxDepth}`];
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  const { predictions, probabilities } = JSON.parse(await run(interpreter, args, { env }));
  const answers = {
    predictions: Float64Array.from(predictions),
    probabilities: Float64Array.from(probabilities.flat()),
  };
  return { file, answers };
}

function bytes(columns: readonly Float64Array[]): Buffer {
  return Buffer.concat(columns.map((column) => new Uint8Array(column.buffer, column.byteOffset, column.byteLength)));
}
