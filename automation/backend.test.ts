import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { findBackend } from "./backend.ts";

const cloud = "https://api.pulumi.com";
const rows = [
  ["nothing chosen", {}, undefined],
  ["PULUMI_BACKEND_URL", { env: { PULUMI_BACKEND_URL: "s3://state" }, current: cloud }, "s3://state"],
  ["Pulumi.yaml", { settings: "backend:\n  url: gs://state\n" }, "gs://state"],
  ["pulumi login", { current: cloud }, cloud],
  ["an access token", { env: { PULUMI_ACCESS_TOKEN: "t" } }, cloud],
  ["pulumi logout", { current: "" }, undefined],
] as const;

for (const [title, given, url] of rows) {
  test(`backend after ${title}: ${url ?? "the project's own folder"}`, async (t) => {
    const { env = {}, settings = "", current } = given as { env?: object; settings?: string; current?: string };
    const project = await mkdtemp(join(tmpdir(), "project-"));
    await writeFile(join(project, "Pulumi.yaml"), `name: it\n${settings}`);
    await mkdir(join(project, ".pulumi"));
    if (current !== undefined)
      await writeFile(join(project, ".pulumi", "credentials.json"), JSON.stringify({ current }));
    const folder = join(project, ".pulumi-state");
    const expected = url ? { url } : { url: pathToFileURL(folder).href, folder };
    t.deepEqual(findBackend(project, { HOME: project, ...env }), expected);
    await rm(project, { recursive: true });
  });
}

test("a folder without Pulumi.yaml is no project", (t) => {
  t.throws(() => findBackend("/nowhere", {}), { message: "/nowhere is no Pulumi project: it has no Pulumi.yaml" });
});
