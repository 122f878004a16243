import { join } from "node:path";
import { type Asking, batchPredict, invocations, predict } from "./bodies.ts";
import { launchService } from "./launch-service.ts";
import type { Launch } from "./server-process.ts";

/** What the servers are given to serve. */
export interface Ground {
  /** Of the file store with the registered forest. */
  readonly trackingUri: string;
  readonly modelName: string;
  /** The model folder, with `model.onnx` in it. */
  readonly modelFolder: string;
  readonly features: readonly string[];
  /** JSON of an answer to three rows. */
  readonly answer: string;
  /** `bin` of the Python environment, made when first asked for. */
  bin(): Promise<string>;
  /** Of scikit-learn's own forest, as joblib keeps it, trained when first asked for. */
  sklearnForest(): Promise<string>;
  /** Folder for what a server writes beside its answers. */
  readonly scratch: string;
}

/** A server that is measured. */
export interface Contender {
  /** In the table. */
  readonly title: string;
  /** Answers 200 once the server takes requests. */
  readonly health: string;
  readonly predict: Asking;
  /** Absent where many rows make no difference. */
  readonly batch?: Asking;
  /** Whose forest answers. */
  readonly forest: "ours" | "scikit-learn";
  launch(port: number, ground: Ground): Launch | Promise<Launch>;
}

/** The names that `--only` takes. */
export type ContenderName =
  | "ours"
  | "koa-constant"
  | "koa-naive"
  | "fastapi-onnx"
  | "fastapi-sklearn"
  | "bentoml"
  | "mlflow";

const servers = join(import.meta.dirname, "servers");
const service = { health: "/health", predict, batch: batchPredict, forest: "ours" } as const;

export const contenders: Readonly<Record<ContenderName, Contender>> = {
  ours: {
    ...service,
    title: "ours",
    launch: (port, { trackingUri, modelName }) => launchService(port, trackingUri, modelName),
  },
  "koa-constant": {
    title: "Koa, a constant",
    health: "/health",
    predict,
    forest: "ours",
    launch: (port, { answer }) => node("koa-constant.ts", port, answer),
  },
  "koa-naive": {
    ...service,
    title: "Koa, a run a request",
    launch: (port, { modelFolder, features }) =>
      node("koa-naive.ts", port, join(modelFolder, "model.onnx"), ...features),
  },
  "fastapi-onnx": {
    ...service,
    title: "FastAPI + ONNX Runtime",
    launch: async (port, { bin, modelFolder }) =>
      python(await bin(), "fastapi_onnx.py", port, join(modelFolder, "model.onnx")),
  },
  "fastapi-sklearn": {
    ...service,
    title: "FastAPI + scikit-learn",
    forest: "scikit-learn",
    launch: async (port, { bin, sklearnForest }) =>
      python(await bin(), "fastapi_sklearn.py", port, await sklearnForest()),
  },
  bentoml: {
    ...service,
    title: "BentoML + ONNX Runtime",
    health: "/readyz",
    launch: async (port, { bin, modelFolder, scratch }) =>
      command(
        await bin(),
        "bentoml",
        ["serve", "bentoml_service:Churn", "--working-dir", servers, "--host", "127.0.0.1", "--port", `${port}`],
        { MODEL_FILE: join(modelFolder, "model.onnx"), BENTOML_HOME: join(scratch, "bentoml") },
      ),
  },
  mlflow: {
    title: "mlflow models serve",
    health: "/ping",
    predict: invocations,
    batch: invocations,
    forest: "ours",
    launch: async (port, { bin, modelFolder }) =>
      command(
        await bin(),
        "mlflow",
        ["models", "serve", "--model-uri", modelFolder, "--env-manager", "local", "--workers", "1"].concat([
          "--host",
          "127.0.0.1",
          "--port",
          `${port}`,
        ]),
        { MLFLOW_DISABLE_TELEMETRY: "true" },
      ),
  },
};

function node(script: string, port: number, ...args: string[]): Launch {
  return {
    command: process.execPath,
    args: [join(servers, script), `${port}`, ...args],
    env: { NODE_ENV: "production" },
  };
}

function python(bin: string, script: string, port: number, ...args: string[]): Launch {
  return command(bin, "python", [join(servers, script), `${port}`, ...args]);
}

function command(bin: string, name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Launch {
  return {
    command: join(bin, name),
    args,
    env: {
      PATH: `${bin}:${process.env.PATH}`,
      DO_NOT_TRACK: "true",
      BENTOML_DO_NOT_TRACK: "true",
      ORT_DISABLE_TELEMETRY: "1",
      PYTHONDONTWRITEBYTECODE: "1",
      ...env,
    },
  };
}
