import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { configuredStacks, encryptionSalt, withoutNewSalts } from "./stack-config.ts";

const before = "# mine\nconfig:\n  a:b: 1 # one\n";
const rows = [
  ["an added salt is taken out", `${before}encryptionsalt: v1:x\n`, before],
  ["a salt beside other changes stays", "config:\n  a:b: 2\nencryptionsalt: v1:x\n", undefined],
  ["other changes stay", "config:\n  a:b: 2\n", undefined],
  ["broken text stays", "config: [", undefined],
] as const;

for (const [title, written, after = written] of rows) {
  test(title, async (t) => {
    const project = await mkdtemp(join(tmpdir(), "config-"));
    const file = join(project, "Pulumi.dev.yaml");
    await writeFile(file, before);
    await t.throwsAsync(
      withoutNewSalts(project, async () => {
        await writeFile(file, written);
        throw new Error("whatever happens");
      }),
    );
    t.is(await readFile(file, "utf8"), after);
    t.deepEqual(configuredStacks(project), ["dev"]);
    await rm(project, { recursive: true });
  });
}

test("the salt is read from the stack's file", async (t) => {
  const project = await mkdtemp(join(tmpdir(), "config-"));
  await writeFile(join(project, "Pulumi.dev.yaml"), `${before}encryptionsalt: v1:x:y\n`);
  t.is(encryptionSalt(project, "dev"), "v1:x:y");
  t.is(encryptionSalt(project, "organization/it/dev"), "v1:x:y");
  t.is(encryptionSalt(project, "prod"), undefined);
  await rm(project, { recursive: true });
});
