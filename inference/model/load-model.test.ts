import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { MlflowError } from "../../mlflow/error.ts";
import { sha256Hex } from "../../mlflow/model-folder.ts";
import type { MlflowStore, ModelVersion } from "../../mlflow/store.ts";
import { tinyArtifact } from "../fixtures/tiny-classifier.ts";
import { type TinyRegistry, tinyRegistry } from "../fixtures/tiny-registry.ts";
import { loadModel } from "./load-model.ts";
import { ModelMismatch } from "./model-mismatch.ts";
import { UnsupportedModel } from "./unsupported-model.ts";

async function registry(t: ExecutionContext): Promise<TinyRegistry> {
  const made = await tinyRegistry([0.1, 0.2]);
  t.teardown(made.remove);
  return made;
}

/** A store with some methods of its own. */
function withMethods(store: MlflowStore, methods: Partial<MlflowStore>): MlflowStore {
  return new Proxy(store, {
    get(target, key: keyof MlflowStore) {
      const value = methods[key] ?? target[key];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** A store whose downloads hold other bytes as model.onnx, and whose versions may carry other tags. */
function tampered(store: MlflowStore, onnx: Uint8Array, tags?: ModelVersion["tags"]): MlflowStore {
  return withMethods(store, {
    getVersion: async (model, version) => {
      const found = await store.getVersion(model, version);
      return found && { ...found, tags: tags ?? found.tags };
    },
    downloadModel: async (version, dir) => {
      await store.downloadModel(version, dir);
      await writeFile(join(dir, "model.onnx"), onnx);
    },
  });
}

test("a version loads and is proven by its own tag and golden sample, or by what the stack expects", async (t) => {
  const { store, expectation } = await registry(t);
  const own = await loadModel({ store, name: "tiny", version: "latest" });
  t.like(own, { name: "tiny", version: "2", modelType: "TinyClassifier", sha256: expectation(2).sha256 });
  t.deepEqual(own.proof, { digest: "version tag", golden: "model folder" });
  const expected = await loadModel({ store, name: "tiny", version: "1", expectation: expectation(1) });
  t.deepEqual(expected.proof, { digest: "expectation", golden: "expectation" });
});

test("another version than the expected one is refused", async (t) => {
  const { store, expectation } = await registry(t);
  await t.throwsAsync(loadModel({ store, name: "tiny", version: "latest", expectation: expectation(1) }), {
    instanceOf: ModelMismatch,
    message: "expected version 1 of tiny, got version 2 of tiny",
  });
});

for (const [title, bytes] of [
  ["bytes that are no model", () => Buffer.from("not a model")],
  ["another version's bytes", () => tinyArtifact(0.2).onnx],
] as const)
  test(`${title} under a version are refused, with both digests`, async (t) => {
    const { store, expectation } = await registry(t);
    for (const asked of [expectation(1), undefined]) {
      const error = await t.throwsAsync(
        loadModel({ store: tampered(store, bytes()), name: "tiny", version: "1", expectation: asked }),
      );
      if (title.startsWith("another")) {
        t.true(error instanceof ModelMismatch);
        t.regex(
          error?.message ?? "",
          new RegExp(
            `model.onnx of version 1 of tiny .*expected sha256 ${expectation(1).sha256}.*got ${sha256Hex(bytes())}`,
          ),
        );
      } else t.regex(error?.message ?? "", /expected an ONNX model/);
    }
  });

test("a model that doesn't answer the golden sample is refused, with the row", async (t) => {
  const { store, expectation } = await registry(t);
  const wanted = { ...expectation(1), golden: expectation(2).golden! };
  await t.throwsAsync(loadModel({ store, name: "tiny", version: "1", expectation: wanted }), {
    instanceOf: ModelMismatch,
    message: /version 1 of tiny doesn't answer its golden sample: row 0, probability 0: expected 0\.7/,
  });
});

test("a golden sample of other features is refused", async (t) => {
  const { store, expectation } = await registry(t);
  const golden = { ...expectation(1).golden!, columns: ["age", "income", "height"] };
  await t.throwsAsync(loadModel({ store, name: "tiny", version: "1", expectation: { ...expectation(1), golden } }), {
    instanceOf: ModelMismatch,
    message: /asking it failed: .*inputs.score|inputs.height/,
  });
});

test("bytes that nothing vouches for, and that ONNX Runtime refuses, are a clear error", async (t) => {
  const { store } = await registry(t);
  const onnx = Buffer.from(tinyArtifact(0.1).onnx);
  onnx.set(Buffer.from("MatMux"), onnx.indexOf("MatMul"));
  await t.throwsAsync(loadModel({ store: tampered(store, onnx, {}), name: "tiny", version: "1" }), {
    instanceOf: UnsupportedModel,
    message: /ONNX Runtime doesn't open it: .*MatMux/s,
  });
});

test("a model or version that doesn't exist is an error that lists what does", async (t) => {
  const { store } = await registry(t);
  await t.throwsAsync(loadModel({ store, name: "tiny", version: "7" }), {
    instanceOf: MlflowError,
    message: /version 2, 1/,
  });
  await t.throwsAsync(loadModel({ store, name: "huge", version: "latest" }), {
    instanceOf: MlflowError,
    message: /huge/,
  });
});

test("a download leaves nothing behind, whether it succeeds or fails", async (t) => {
  const { store } = await registry(t);
  const places: string[] = [];
  const watched = withMethods(store, {
    downloadModel: async (version, dir) => {
      places.push(join(dir, ".."));
      await store.downloadModel(version, dir);
      if (version.version === "1") throw new Error("connection lost");
    },
  });
  await loadModel({ store: watched, name: "tiny", version: "2" });
  await t.throwsAsync(loadModel({ store: watched, name: "tiny", version: "1" }), { message: "connection lost" });
  t.is(places.length, 2);
  for (const place of places) await t.throwsAsync(readdir(place), { code: "ENOENT" });
});
