import { readFile } from "node:fs/promises";
import { join, normalize, sep } from "node:path";
import { MlflowError } from "../error.ts";
import { fromYaml } from "../yaml.ts";
import { parseBaseline } from "./baseline.ts";
import { sha256Hex } from "./digest.ts";
import { hasExternalData } from "./external-data.ts";
import { parseFeatureService } from "./feature-service.ts";
import { parseGoldenSample } from "./golden.ts";
import { parseSignature } from "./signature.ts";
import type { ModelFolder } from "./types.ts";

/** The entries of an MLmodel file that a reader needs. */
interface MlModel {
  readonly flavors?: { readonly onnx?: { readonly data?: unknown } } & Readonly<Record<string, unknown>>;
  readonly metadata?: { readonly model_type?: unknown; readonly classes?: unknown } | null;
  readonly run_id?: unknown;
  readonly signature?: Parameters<typeof parseSignature>[0];
}

/**
 * Reads a model folder: one of ours, or one that Python's `mlflow.onnx` wrote.
 *
 * @throws MlflowError naming the file that is missing or not as expected; for a model of another flavor; and for one
 *   that keeps tensors outside its ONNX file, since the digest of that file wouldn't cover them.
 */
export async function readModelFolder(dir: string): Promise<ModelFolder> {
  const where = join(dir, "MLmodel");
  const text = (await readOptional(where))?.toString("utf8");
  if (text === undefined) throw new MlflowError(`${dir}: expected a model folder, but it holds no MLmodel file`);
  const model = (fromYaml(text, where) ?? {}) as MlModel;
  const onnxFile = onnxFileName(model, where);
  const onnx = await readOptional(join(dir, onnxFile));
  if (onnx === undefined)
    throw new MlflowError(`${where}: names ${onnxFile} as flavors.onnx.data, but the folder holds no such file`);
  refuseExternalData(onnx, join(dir, onnxFile));

  const golden = await part(dir, "golden_sample.json", parseGoldenSample);
  const baseline = await part(dir, "baseline.json", parseBaseline);
  const declared = parseSignature(model.signature, where);
  const columns = declared.signature?.inputs.map(({ name }) => name) ?? [];
  const featureService = await part(dir, "feature_service.json", (text, file) =>
    parseFeatureService(text, columns, file),
  );
  const { model_type: modelType, classes } = model.metadata ?? {};
  return {
    onnx,
    sha256: sha256Hex(onnx),
    onnxFile,
    modelType: typeof modelType === "string" ? modelType : "onnx",
    ...(typeof model.run_id === "string" && model.run_id !== "" ? { runId: model.run_id } : {}),
    ...(isLabels(classes) ? { classes } : {}),
    ...declared,
    ...(golden && { golden }),
    ...(baseline && { baseline }),
    ...(featureService && { featureService }),
  };
}

/** A file that only folders of ours have. */
async function part<T>(dir: string, name: string, parse: (text: string, where: string) => T): Promise<T | undefined> {
  const file = join(dir, name);
  const bytes = await readOptional(file);
  return bytes && parse(bytes.toString("utf8"), file);
}

function onnxFileName({ flavors = {} }: MlModel, where: string): string {
  const data = flavors.onnx?.data;
  if (flavors.onnx === undefined)
    throw new MlflowError(
      `${where}: expected a model of flavor onnx, got ${Object.keys(flavors).join(", ") || "none"}: log it with mlflow.onnx.log_model`,
    );
  if (typeof data !== "string" || data === "")
    throw new MlflowError(`${where}: expected a file name as flavors.onnx.data, got ${JSON.stringify(data)}`);
  const path = normalize(data);
  if (path.startsWith(sep) || path.split(sep).includes(".."))
    throw new MlflowError(`${where}: expected flavors.onnx.data to lie in the folder, got ${data}`);
  return path;
}

function refuseExternalData(onnx: Uint8Array, file: string): void {
  const strange = `${file}: expected an ONNX model, got ${onnx.length} bytes of something else`;
  if (onnx.length === 0) throw new MlflowError(strange);
  let external: boolean;
  try {
    external = hasExternalData(onnx);
  } catch (cause) {
    throw new MlflowError(strange, { cause });
  }
  if (external)
    throw new MlflowError(
      `${file}: keeps tensors in other files, which its SHA-256 doesn't cover: log it with save_as_external_data=False`,
    );
}

function isLabels(value: unknown): value is number[] | string[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  return ["number", "string"].some((type) => value.every((item) => typeof item === type));
}

/** A file's bytes, or undefined where there is none. */
async function readOptional(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new MlflowError(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}
