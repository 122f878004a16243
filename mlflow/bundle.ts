import { cp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MlflowError } from "./error.ts";
import { jsonParser } from "./model-folder/schema.ts";
import { placeFolder } from "./place-folder.ts";
import { type ModelVersion, type VersionReader, versionTags } from "./store.ts";

/** What a bundle's version.json says of the version; aliases move, so a bundle knows none. */
type BundledVersion = Omit<ModelVersion, "aliases">;

const text = { type: "string" };
const parseVersion = jsonParser<BundledVersion>({
  type: "object",
  required: ["name", "version", "runId", "source", "status", "createdAt", "tags"],
  properties: {
    name: { ...text, minLength: 1 },
    version: { ...text, pattern: "^[1-9][0-9]*$" },
    runId: text,
    source: text,
    status: { const: "READY" },
    createdAt: { type: "number" },
    tags: { type: "object", additionalProperties: text },
  },
});

/**
 * Writes one version as a model bundle: its model folder under `files`, and `version.json`. An image carries it in place
 * of a registry. The same version gives the same bytes: what may change later, its aliases and the tags of others, is
 * left out.
 *
 * @param dir Appears whole or not at all; an earlier bundle there is replaced.
 * @throws MlflowError where the version can't be had, or `dir` holds something else.
 */
export async function writeBundle(
  store: Pick<VersionReader, "downloadModel">,
  version: ModelVersion,
  dir: string,
): Promise<void> {
  const replaces = await isFile(versionFile(dir));
  await placeFolder(dir, async (temporary) => {
    await store.downloadModel(version, filesFolder(temporary));
    await writeFile(versionFile(temporary), versionJson(version));
    // As late as can be: until here a failure leaves the earlier one as it was.
    if (replaces) await rm(dir, { recursive: true });
  });
}

/**
 * Opens a bundle as the store of the one version that it holds.
 *
 * @returns What asks for another model, version or alias gets an MlflowError that says what the bundle holds.
 * @throws MlflowError where `dir` is no whole bundle.
 */
export async function openBundle(dir: string): Promise<VersionReader> {
  const version = await readVersion(dir);
  const where = join(filesFolder(dir), "MLmodel");
  if (!(await isFile(where)))
    throw new MlflowError(`${dir}: expected a whole model bundle, but it lacks ${where}: write it again`);

  const holds = `the model bundle ${dir} holds version ${version.version} of model ${version.name} alone`;
  const only = (model: string, wanted: string, matches: boolean): ModelVersion => {
    if (model === version.name && matches) return version;
    throw new MlflowError(
      `expected ${wanted} of model ${model}, but ${holds}: an image that carries its model can serve no other one, ` +
        `so deploy the image built for that version, or set MODEL_NAME=${version.name} and MODEL_VERSION=${version.version}`,
    );
  };
  return {
    uri: dir,
    listVersions: async (model) => [only(model, "a version", true)],
    getVersion: async (model, number) => only(model, `version ${number}`, number === version.version),
    getVersionByAlias: async (model, alias) => only(model, `version @${alias}`, false),
    downloadModel: ({ name, version: number }, target) => {
      only(name, `version ${number}`, number === version.version);
      return placeFolder(target, (temporary) => cp(filesFolder(dir), temporary, { recursive: true }));
    },
  };
}

function versionFile(dir: string): string {
  return join(dir, "version.json");
}

function filesFolder(dir: string): string {
  return join(dir, "files");
}

function versionJson({ name, version, runId, source, status, createdAt, tags }: ModelVersion): string {
  const own = Object.values(versionTags).flatMap((key) => (key in tags ? [[key, tags[key]]] : []));
  const bundled = { name, version, runId, source, status, createdAt, tags: Object.fromEntries(own) };
  return `${JSON.stringify(bundled, undefined, 2)}\n`;
}

async function readVersion(dir: string): Promise<ModelVersion> {
  const where = versionFile(dir);
  const json = await readFile(where, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === "ENOENT" ? `it lacks ${where}` : cause.message;
    throw new MlflowError(`${dir}: expected a whole model bundle, but ${why}: write it again`, { cause });
  });
  return { ...parseVersion(json, where), aliases: [] };
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ?? false;
}
