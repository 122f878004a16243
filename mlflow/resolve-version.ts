import { MlflowError } from "./error.ts";
import type { ModelVersion, VersionReader } from "./store.ts";

/** A version as a user names it: `latest` (the highest READY number), a number, or `@alias`. */
export type WantedVersion = "latest" | `${number}` | `@${string}`;

/**
 * The version that a user means.
 *
 * @throws MlflowError listing what exists, where there is no such version or it isn't READY.
 */
export async function resolveVersion(
  store: VersionReader,
  model: string,
  wanted: WantedVersion,
): Promise<ModelVersion> {
  const version = await find(store, model, wanted);
  if (version?.status === "READY") return version;
  const versions = await store.listVersions(model);
  const found = version === undefined ? "has none such" : `has version ${version.version}, but it is ${version.status}`;
  const exist = versions.length === 0 ? "no version that is ready" : `version ${versions.map(describe).join(", ")}`;
  throw new MlflowError(
    `expected version ${wanted} of model ${model}, but MLflow at ${store.uri} ${found}: it holds ${exist}`,
  );
}

async function find(store: VersionReader, model: string, wanted: string): Promise<ModelVersion | undefined> {
  if (wanted === "latest") return (await store.listVersions(model))[0];
  if (wanted.startsWith("@")) return store.getVersionByAlias(model, wanted.slice(1));
  if (/^[1-9]\d*$/.test(wanted)) return store.getVersion(model, wanted);
  throw new MlflowError(
    `expected "latest", a version number or "@alias" as version of model ${model}, got "${wanted}"`,
  );
}

function describe({ version, aliases }: ModelVersion): string {
  return aliases.length === 0 ? version : `${version} (${aliases.map((alias) => `@${alias}`).join(", ")})`;
}
