import { execFile } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { readRows, testFolder } from "../features/test-repository.ts";

const command = join(import.meta.dirname, "features.ts");
const sample = join(import.meta.dirname, "..", "sample");

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in a folder, where the entity rows lie as entities.csv. */
async function features(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  await writeFile(
    join(cwd, "entities.csv"),
    "customer_id,event_timestamp,note\n2,1997-06-20,late\n2,1997-05-10,early\n",
  );
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { cwd, env }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

const rest = ["--entities", "entities.csv", "--out", "out.parquet"];
test("writes a service's features beside the entity rows, and says what it did", async (t) => {
  const dir = await testFolder(t);
  const ended = await features(dir, ["--repo", sample, "--service", "churn_features", ...rest]);
  t.is(ended.status, 0, ended.stderr);
  t.regex(ended.stdout, /^wrote 2 rows with 6 features of customer_purchases, customer_support to .*out.parquet in /);
  t.deepEqual(await readRows(join(dir, "out.parquet")), [
    ["2", "1997-06-20 00:00:00+00", "late", "2", "44.5", "140", "89.0", "140", "1"],
    ["2", "1997-05-10 00:00:00+00", "early", "2", "44.5", "109", "89.0", "109", "0"],
  ]);
});

test("takes the repository from FEAST_REPO_PATH, and paths from where npm was called", async (t) => {
  const dir = await testFolder(t);
  const names = "customer_support:support_tickets_count, customer_purchases:total_purchases";
  const args = ["--features", names, "--full-feature-names", ...rest];
  const env = { FEAST_REPO_PATH: sample, npm_lifecycle_event: "features", INIT_CWD: dir };
  t.is((await features(dir, args, env)).status, 0);
  t.deepEqual((await readRows(join(dir, "out.parquet")))[0]?.slice(3), ["1", "2"]);
});

test("--help tells the usage", async (t) => {
  const { status, stdout } = await features(await testFolder(t), ["--help"]);
  t.is(status, 0);
  t.regex(stdout, /npm run features -- --repo DIR/);
});

for (const [title, args, message] of [
  ["no selection", ["--repo", sample, ...rest], /one of --service NAME and --features/],
  ["two selections", ["--repo", sample, "--service", "s", "--features", "a:b", ...rest], /one of --service NAME/],
  ["no repository", ["--service", "s", ...rest], /expected --repo DIR/],
  ["no entity rows", ["--repo", sample, "--service", "s", "--out", "o.parquet"], /expected --entities FILE/],
  [
    "an output that is no Parquet",
    ["--repo", sample, "--service", "s", "--entities", "e", "--out", "o.csv"],
    /got o.csv/,
  ],
  ["an unknown flag", ["--repository", sample], /Unknown option '--repository'/],
] as const)
  test(`${title} is wrong usage: exit code 2, the usage, and nothing written`, async (t) => {
    const dir = await testFolder(t);
    const { status, stderr } = await features(dir, args);
    t.is(status, 2);
    t.regex(stderr, message);
    t.regex(stderr, /npm run features -- --repo DIR/);
    t.deepEqual(await readdir(dir), ["entities.csv"]);
  });

for (const [title, args, message] of [
  [
    "no repository there",
    ["--repo", "nowhere", "--service", "churn_features"],
    /^expected a Feast repository: .*nowhere/,
  ],
  [
    "an unknown service",
    ["--repo", sample, "--service", "churn"],
    /^feature service churn is not in .*it has churn_features/,
  ],
] as const)
  test(`${title}: exit code 1, one line that says what there is, and nothing written`, async (t) => {
    const dir = await testFolder(t);
    const { status, stderr } = await features(dir, [...args, ...rest]);
    t.is(status, 1);
    t.regex(stderr, message);
    t.is(stderr.trim().split("\n").length, 1);
    t.deepEqual(await readdir(dir), ["entities.csv"]);
  });
