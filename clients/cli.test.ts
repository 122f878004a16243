import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { tinyService } from "../inference/fixtures/tiny-service.ts";
import { answer, scriptedService } from "./scripted-service.ts";

function cli(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return new Promise<{ status: unknown; stdout: string; stderr: string }>((resolve) => {
    const options = { env: { PATH: process.env.PATH, ...env } };
    execFile(process.execPath, [join(import.meta.dirname, "cli.ts"), ...args], options, (error, stdout, stderr) =>
      resolve({ status: error ? error.code : 0, stdout, stderr }),
    );
  });
}

async function folder(t: ExecutionContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "client-"));
  t.teardown(() => rm(made, { recursive: true, force: true }));
  return made;
}

test("both clients are made where no language is named, and each file is told", async (t) => {
  const { endpoint, close } = await tinyService();
  t.teardown(close);
  const out = join(await folder(t), "new");
  const { status, stdout } = await cli(["--url", `${endpoint}/openapi.json`, "--out", out]);
  t.is(status, 0);
  t.deepEqual((await readdir(out)).sort(), ["client.ts", "ml_inference_client", "schema.ts"]);
  const files = await readdir(out, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  t.deepEqual(stdout.trim().split("\n").sort(), paths.sort());
});

test("the token of the environment is sent", async (t) => {
  const service = await scriptedService(answer(401, { detail: "no" }));
  t.teardown(service.close);
  const url = `${service.url}/openapi.json`;
  const { status, stderr } = await cli(["--url", url, "--out", await folder(t)], { ML_INFERENCE_TOKEN: "secret" });
  t.is(status, 1);
  t.regex(stderr, /openapi\.json: expected 200, got 401/);
  t.is(service.requests[0]?.authorization, "Bearer secret");
});

test("a document of something else makes no client", async (t) => {
  const service = await scriptedService(answer(200, { openapi: "3.1.0", paths: {} }));
  t.teardown(service.close);
  const out = await folder(t);
  const { status, stderr } = await cli(["--url", `${service.url}/openapi.json`, "--out", out]);
  t.is(status, 1);
  t.regex(stderr, /expected the document of an inference service, got one without the schemas Inputs, Instance/);
  t.deepEqual(await readdir(out), []);
});

for (const [title, args, message] of [
  ["no address", ["--out", "x"], /--url: expected an address, got nothing/],
  ["no folder", ["--url", "http://x/openapi.json"], /--out: expected a folder, got nothing/],
  [
    "another language",
    ["--url", "http://x/", "--out", "x", "--language", "cobol"],
    /typescript or python, got "cobol"/,
  ],
  ["an unknown option", ["--uri", "http://x/"], /Unknown option '--uri'/],
] as const)
  test(`${title} is a wrong command line`, async (t) => {
    const { status, stderr } = await cli(args);
    t.is(status, 2);
    t.regex(stderr, message);
    t.regex(stderr, /See --help/);
  });
