import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { FeatureError, type FeatureSelection, historicalFeatures, openFeatureRepository } from "../features/index.ts";

const help = `Writes point-in-time features of entity rows, from a Feast repository, as Parquet.

  npm run features -- --repo DIR (--service NAME | --features VIEW:FEATURE,…) --entities FILE --out FILE.parquet

  --repo DIR           the folder with feature_store.yaml (default: FEAST_REPO_PATH)
  --service NAME       a feature service: all of its features
  --features LIST      features as view:feature, separated by commas
  --entities FILE      Parquet or CSV with the join keys, event_timestamp, and anything else, which is carried along
  --out FILE           the Parquet file to write
  --full-feature-names name the columns view__feature
  --help

Exit codes: 0 written; 1 the repository or a file is wrong; 2 wrong usage.`;

const options = {
  repo: { type: "string" },
  service: { type: "string" },
  features: { type: "string", multiple: true },
  entities: { type: "string" },
  out: { type: "string" },
  "full-feature-names": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

class UsageError extends Error {}

interface Request {
  readonly repo: string;
  readonly selection: FeatureSelection;
  readonly entities: string;
  readonly out: string;
  readonly fullFeatureNames: boolean;
}

/** @returns undefined where help is asked for. */
function readArguments(args: string[], environment: NodeJS.ProcessEnv): Request | undefined {
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];
  try {
    values = parseArgs({ args, options }).values;
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
  if (values.help) return undefined;
  const { repo = environment.FEAST_REPO_PATH, service, features, entities, out } = values;
  if (!repo) throw new UsageError("expected --repo DIR, the folder with feature_store.yaml");
  if ((service === undefined) === (features === undefined))
    throw new UsageError("expected one of --service NAME and --features VIEW:FEATURE,…");
  if (!entities) throw new UsageError("expected --entities FILE, Parquet or CSV");
  if (!out?.endsWith(".parquet")) throw new UsageError(`expected --out FILE.parquet, got ${out ?? "none"}`);
  const names = features?.flatMap((list) => list.split(",")).map((name) => name.trim());
  // npm runs a script in the package's folder, and says here where it was called.
  const base = (environment.npm_lifecycle_event === "features" && environment.INIT_CWD) || process.cwd();
  return {
    repo: resolve(base, repo),
    selection: names ? { features: names.filter((name) => name !== "") } : { service: service! },
    entities: resolve(base, entities),
    out: resolve(base, out),
    fullFeatureNames: values["full-feature-names"],
  };
}

async function write({ repo, selection, entities, out, fullFeatureNames }: Request): Promise<string> {
  const started = performance.now();
  const job = historicalFeatures(await openFeatureRepository(repo), selection, entities, { fullFeatureNames });
  const rows = await job.toParquet(out);
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  const views = new Set(job.features.map(({ view }) => view));
  return `wrote ${rows} rows with ${job.features.length} features of ${[...views].join(", ")} to ${out} in ${seconds} s`;
}

async function main(args: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  try {
    const request = readArguments(args, environment);
    console.log(request ? await write(request) : help);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) console.error(`${error.message}\n\n${help}`);
    else if (error instanceof FeatureError) console.error(error.message);
    else throw error;
    return error instanceof UsageError ? 2 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2), process.env);
