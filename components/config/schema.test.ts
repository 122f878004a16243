import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { readStackKeys } from "./schema.ts";

test("a stack sets the keys of this project that its file names, sealed or plain, and without a file none", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "schema-"));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, "Pulumi.dev.yaml");
  t.deepEqual(readStackKeys(file, "pipeline"), new Map());
  await writeFile(file, "config:\n  pipeline:port: 8081\n  aws:region: eu-north-1\nencryptionsalt: v1\n");
  t.deepEqual(readStackKeys(file, "pipeline"), new Map([["port", "plain"]]));
  await writeFile(file, "config:\n  pipeline:mlflowToken:\n    secure: v1:x\n");
  t.deepEqual(readStackKeys(file, "pipeline"), new Map([["mlflowToken", "sealed"]]));
  await writeFile(file, "encryptionsalt: v1\n");
  t.deepEqual(readStackKeys(file, "pipeline"), new Map());
});
