import { copyFile, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { type GoldenSample, goldenSampleJson, sha256Hex } from "../../mlflow/model-folder.ts";
import { openStore } from "../../mlflow/open-store.ts";
import { versionTags } from "../../mlflow/store.ts";
import { TestProject } from "./test-project.ts";

const project = await TestProject.make();
test.after.always(() => project.remove());

test.serial("two versions, the second one serving and the first one wanted", async (t) => {
  await project.up();
  await project.configure({ nEstimators: "12" });
  await project.up();
  t.is((await project.get("/metadata")).model_version, "2");
  await project.configure({ modelVersion: "1" });
});

/** What is done to version 1, and what `up` then says of it. */
const sabotages: readonly [what: string, file: string, sabotage: (path: string) => Promise<unknown>, says: RegExp][] = [
  [
    "other bytes in the artifact",
    "model.onnx",
    async (path) => {
      const bytes = await readFile(path);
      bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
      await writeFile(path, bytes);
    },
    /model\.onnx of churn_predictor_feast version 1 has sha256 \w+, but was registered with sha256 \w+/,
  ],
  [
    "another version's bytes",
    "model.onnx",
    async (path) => copyFile(join(await project.modelFolder("2"), "model.onnx"), path),
    /model\.onnx of churn_predictor_feast version 1 has sha256 \w+, but was registered with sha256 \w+/,
  ],
  [
    "a golden sample with other answers",
    "golden_sample.json",
    async (path) => writeFile(path, goldenSampleJson(otherAnswers(JSON.parse(await readFile(path, "utf8"))))),
    /golden_sample\.json of churn_predictor_feast version 1 has sha256 \w+, but was registered/,
  ],
  [
    "another version's bytes, with their digest in the registry",
    "model.onnx",
    async (path) => {
      await copyFile(join(await project.modelFolder("2"), "model.onnx"), path);
      await tag(versionTags.sha256, sha256Hex(await readFile(path)));
    },
    /golden sample.*row \d+/s,
  ],
  [
    "a golden sample with other answers, with its digest in the registry",
    "golden_sample.json",
    async (path) => {
      await writeFile(path, goldenSampleJson(otherAnswers(JSON.parse(await readFile(path, "utf8")))));
      await tag(versionTags.goldenSha256, sha256Hex(await readFile(path)));
    },
    /golden sample.*row \d+/s,
  ],
];

for (const [what, file, sabotage, says] of sabotages) {
  test.serial(`${what} fails up, and the old version serves on`, async (t) => {
    const { tags } = (await project.versions()).find(({ version }) => version === "1")!;
    const path = join(await project.modelFolder("1"), file);
    await copyFile(path, `${path}.original`);
    try {
      await sabotage(path);
      const output = await project.failingUp();
      t.regex(output, says);
      t.regex(
        output,
        /to go back to version 2, the last one proven: .* config set modelVersion 2 --stack dev && .* up/,
      );
      t.like(await project.get("/metadata"), { model_version: "2" });
      t.like(await project.get("/health"), { status: "healthy" });
    } finally {
      await rename(`${path}.original`, path);
      for (const name of [versionTags.sha256, versionTags.goldenSha256]) await tag(name, tags[name]!);
    }
  });
}

test.serial("once mended, version 1 takes over", async (t) => {
  await project.up();
  t.like(await project.get("/metadata"), { model_version: "1" });
});

function tag(name: string, value: string): Promise<void> {
  return openStore(join(project.folder, "mlruns")).setVersionTag("churn_predictor_feast", "1", name, value);
}

function otherAnswers(golden: GoldenSample): GoldenSample {
  return { ...golden, probabilities: golden.probabilities.map((row) => row.toReversed()) };
}
