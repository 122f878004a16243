import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { openStore } from "../../mlflow/open-store.ts";
import { parseTrainOptions, UsageError } from "./train-options.ts";

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command to its end; `onStderr` sees its progress. */
async function runTrain(
  t: ExecutionContext,
  args: readonly string[],
  onStderr?: (text: string, child: ChildProcess) => void,
): Promise<Ended> {
  const env = { PATH: process.env.PATH };
  const child = spawn(process.execPath, [join(import.meta.dirname, "train.ts"), ...args], { env });
  t.teardown(() => child.kill("SIGKILL"));
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
    onStderr?.(stderr, child);
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}

async function temporaryFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "train-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("trains the sample, with one line of JSON on stdout", async (t) => {
  const uri = join(await temporaryFolder(t), "mlruns");
  const { code, stdout, stderr } = await runTrain(t, [
    "--n-estimators",
    "2",
    "--model",
    "small",
    "--tracking-uri",
    uri,
  ]);
  t.is(code, 0, stderr);
  t.is(stdout.trimEnd().split("\n").length, 1);
  const trained = JSON.parse(stdout);
  t.like(trained, { model: "small", version: "1", reused: false });
  t.regex(trained.sha256, /^[0-9a-f]{64}$/);
  t.true(trained.metrics.roc_auc > 0.75);
  t.is((await openStore(uri).getVersion("small", "1"))?.runId, trained.runId);
  t.regex(stderr, /188,560 to train on, 47,140 to test on[\s\S]*train: 2 of 2 trees[\s\S]*register: small version 1/);
});

test("an interruption registers nothing", async (t) => {
  const uri = join(await temporaryFolder(t), "mlruns");
  let interrupted = false;
  const { code, stdout, stderr } = await runTrain(t, ["--tracking-uri", uri], (text, child) => {
    if (!interrupted && text.includes("train: ")) interrupted = child.kill("SIGINT");
  });
  t.is(code, 130, stderr);
  t.is(stdout, "");
  t.regex(stderr, /interrupted: nothing was registered/);
  t.deepEqual(await openStore(uri).listVersions("churn_predictor_feast"), []);
});

const ends = test.macro({
  async exec(t, args: readonly string[], code: number, output: "stdout" | "stderr", message: RegExp) {
    const ended = await runTrain(t, args);
    t.is(ended.code, code, ended.stderr);
    t.regex(ended[output], message);
  },
  title: (name, _, code) => `${name} exits with ${code}`,
});
test("--help", ends, ["--help"], 0, "stdout", /npm run train -- \[options\][\s\S]*--horizon DAYS/);
test("an unknown flag", ends, ["--trees", "3"], 2, "stderr", /Unknown option '--trees'[\s\S]*--help/);
test("a hyperparameter out of range", ends, ["--n-estimators", "0"], 2, "stderr", /^forest: .*n_?estimators/i);
test("a folder that is no repository", ends, ["--repo", tmpdir()], 1, "stderr", /feature_store\.yaml/);

test("flags beat the environment", (t) => {
  const environment = {
    FEAST_REPO_PATH: "/shop",
    MODEL_NAME: "m",
    EXPERIMENT_NAME: "e",
    MLFLOW_TRACKING_URI: "http://mlflow",
  };
  t.deepEqual(parseTrainOptions([], environment), {
    help: false,
    trackingUri: "http://mlflow",
    spec: { repository: "/shop", model: "m", experiment: "e", forest: {} },
  });
  const args = ["--repo", "/other", "--model", "n", "--experiment", "f", "--tracking-uri", "file:///runs"];
  t.like(parseTrainOptions(args, environment), {
    trackingUri: "file:///runs",
    spec: { repository: "/other", model: "n", experiment: "f" },
  });
});

test("empty variables count as absent", (t) => {
  const { trackingUri, spec } = parseTrainOptions([], { MLFLOW_TRACKING_URI: "", MODEL_NAME: "" });
  t.is(trackingUri, "mlruns");
  t.deepEqual(spec, { forest: {} });
});

test("paths are relative to where npm was called", (t) => {
  const environment = { npm_lifecycle_event: "train", INIT_CWD: "/home/me" };
  const args = ["--repo", "shop", "--entities", "rows.csv", "--tracking-uri", "runs"];
  t.like(parseTrainOptions(args, environment), {
    trackingUri: "/home/me/runs",
    spec: { repository: "/home/me/shop", entities: "/home/me/rows.csv" },
  });
});

test("every hyperparameter has a flag", (t) => {
  const flags =
    "--max-depth none --max-features all --min-samples-leaf 2 --min-samples-split 4 --no-bootstrap --random-state 7";
  const { spec } = parseTrainOptions(`${flags} --tree-learner cart --max-bins 9 --n-estimators 5`.split(" "), {});
  t.deepEqual(spec.forest, {
    nEstimators: 5,
    maxDepth: null,
    maxFeatures: null,
    minSamplesLeaf: 2,
    minSamplesSplit: 4,
    bootstrap: false,
    randomState: 7,
    treeLearner: "cart",
    maxBins: 9,
  });
});

test("a flag that is no number, or no learner, is named", (t) => {
  t.throws(() => parseTrainOptions(["--horizon", "soon"], {}), {
    instanceOf: UsageError,
    message: /--horizon.*"soon"/,
  });
  t.throws(() => parseTrainOptions(["--tree-learner", "oak"], {}), { instanceOf: UsageError, message: /oak/ });
});
