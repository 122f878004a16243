import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { type ServeProcess, startServe } from "../../inference/fixtures/serve-process.ts";
import { tinyRegistry } from "../../inference/fixtures/tiny-registry.ts";
import { requestJson } from "../../inference/request-json.ts";
import { freePort } from "../free-port.ts";
import { peerEnvironment, run } from "./python.ts";

const project = join(import.meta.dirname, "../..");
const inputs = { age: [0, 1], income: [0.1, 0.9], score: [0.2, null] };

let service: ServeProcess;
let endpoint: string;
let metricsPort: number;
let folder: string;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "openapi-"));
  const registry = await tinyRegistry([0.1]);
  metricsPort = await freePort();
  service = startServe({ MLFLOW_TRACKING_URI: registry.uri, MAX_ROWS: "100", METRICS_PORT: String(metricsPort) });
  endpoint = `http://127.0.0.1:${(await service.logged("listening")).port}`;
  await service.logged("ready");
  await registry.remove();
});
test.after.always(async () => {
  service?.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

/** Requests that the service has answered, by status. */
async function answered(): Promise<Map<string, number>> {
  const { text } = await requestJson(`http://127.0.0.1:${metricsPort}/metrics`);
  const counts = new Map<string, number>();
  for (const [, status = "", count] of text.matchAll(/^http_requests_total\{.*status="(\d+)"\} (\d+)$/gm))
    counts.set(status, (counts.get(status) ?? 0) + Number(count));
  return counts;
}

test.serial("schemathesis finds no answer that isn't as the document says, in 20,000 requests and more", async (t) => {
  const schemathesis = join(await peerEnvironment(), "bin", "schemathesis");
  const config = join(import.meta.dirname, "schemathesis.toml");
  /** What is made up fast is asked most; beside it, in a process of its own, the rest. */
  const fast = ["predict", "batch_predict", "invocations"];
  const fuzz = (examples: number, which: string) =>
    run(
      schemathesis,
      ["--config-file", config, "run", `${endpoint}/openapi.json`, "--checks", "all"]
        .concat(["--phases", "examples,coverage,fuzzing", "--max-examples", String(examples), "--no-color"])
        .concat(["--continue-on-failure", "--suppress-health-check", "all", "--generation-deterministic"])
        .concat(fast.flatMap((operation) => [`--${which}-operation-id`, operation])),
      { cwd: folder, env: { ...process.env, PYTHONPATH: import.meta.dirname } },
    );
  await Promise.all([fuzz(5400, "include"), fuzz(800, "exclude")]);
  const counts = await answered();
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  t.log(`${total} requests: ${[...counts].map(([status, count]) => `${count} × ${status}`).join(", ")}`);
  t.true(total >= 20_000, String(total));
  t.deepEqual(
    [...counts.keys()].filter((status) => status.startsWith("5")),
    [],
  );
});

test.serial("a Python client made from the document is asked as users ask it, and passes mypy --strict", async (t) => {
  const bin = join(await peerEnvironment(), "bin");
  await makeClient("python");
  const script = join(folder, "ask.py");
  await writeFile(
    script,
    `import json
from ml_inference_client import InvalidFeaturesError, MLInferenceClient

with MLInferenceClient("${endpoint}") as client:
    answer = client.predict({"age": [0, 1], "income": [0.1, 0.9], "score": [0.2, None]}, return_probabilities=True)
    rows = client.batch_predict([{"age": 0, "income": 0.1}])
    try:
        client.predict({"age": [0], "income": [0.1, 0.2]})
        refusal = []
    except InvalidFeaturesError as error:
        refusal = [problem["path"] for problem in error.errors]
    print(json.dumps([answer["predictions"], answer["probabilities"], rows["predictions"], refusal, client.health()["status"], client.metadata()["model_version"]]))
`,
  );
  const printed = JSON.parse(await run(join(bin, "python"), [script], { cwd: folder }));
  const { predictions, probabilities } = (await predict({ return_probabilities: true })) as Record<string, unknown[]>;
  t.deepEqual(printed, [predictions, probabilities, [predictions![0]], ["inputs.income"], "healthy", "1"]);
  t.regex(await run(join(bin, "mypy"), ["--strict", script], { cwd: folder }), /Success: no issues found/);
  await writeFile(
    script,
    `from ml_inference_client import MLInferenceClient\nMLInferenceClient("x").predict({"ages": [0]})\n`,
  );
  await t.throwsAsync(run(join(bin, "mypy"), ["--strict", script], { cwd: folder }), {
    message: /No overload variant of "predict"/,
  });
});

test.serial(
  "a TypeScript client made from the document answers, and a wrong feature is an error of types",
  async (t) => {
    await makeClient("typescript");
    await writeFile(join(folder, "package.json"), '{"type": "module"}');
    const options = ["--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom"];
    const tsc = (...files: string[]) =>
      run(join(project, "node_modules/.bin/tsc"), [...options, ...files], { cwd: folder });
    await tsc("client.ts");
    const { MLInferenceClient, InvalidFeaturesError } = await import(pathToFileURL(join(folder, "client.js")).href);
    const client = new MLInferenceClient(endpoint);
    const { predictions, probabilities } = (await predict({ return_probabilities: true })) as Record<string, unknown>;
    t.like(await client.predict(inputs, { returnProbabilities: true }), { predictions, probabilities });
    t.like(await client.batchPredict([{ age: 0, income: 0.1 }]), { model_name: "tiny" });
    t.is((await client.health()).status, "healthy");
    t.is((await client.metadata()).model_version, "1");
    const error = await t.throwsAsync<Error & { errors: { path: string }[] }>(
      client.predict({ age: [0], income: [] }),
      {
        instanceOf: InvalidFeaturesError,
      },
    );
    t.is(error.errors[0]?.path, "inputs.income");

    const use = (body: string) =>
      writeFile(join(folder, "use.ts"), `import { MLInferenceClient } from "./client.js";\n${body}`);
    await use('await new MLInferenceClient("http://x").predict({ age: [0], income: [1] });');
    await tsc("--noEmit", "use.ts");
    await use('await new MLInferenceClient("http://x").predict({ ages: [0], income: [1] });');
    await t.throwsAsync(tsc("--noEmit", "use.ts"), { message: /'ages' does not exist/ });
  },
);

async function makeClient(language: string): Promise<void> {
  const script = join(project, "clients/cli.ts");
  const url = `${endpoint}/openapi.json`;
  await run(process.execPath, [script, "--url", url, "--out", folder, "--language", language]);
}

async function predict(options: object): Promise<unknown> {
  return (await requestJson(`${endpoint}/predict`, { body: { inputs, ...options } })).body;
}
