import { MlflowError } from "../error.ts";
import type { ModelVersion } from "../store.ts";
import type { Client } from "./client.ts";
import { toEntries, toVersion, type VersionMessage } from "./messages.ts";

const api = "api/2.0/mlflow";

interface VersionsPage {
  readonly model_versions?: readonly VersionMessage[];
  readonly next_page_token?: string;
}

interface RegisteredModelAnswer {
  readonly registered_model: { readonly aliases?: readonly { readonly alias: string; readonly version: string }[] };
}

/** MLflow's registry endpoints (mlflow/protos/model_registry.proto). */
export class RegistryApi {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** All versions of a model, in no order; none where it doesn't exist. */
  async search(model: string): Promise<ModelVersion[]> {
    const versions: VersionMessage[] = [];
    const quote = model.includes("'") ? '"' : "'";
    let pageToken: string | undefined;
    do {
      const page = await this.#get<VersionsPage>("model-versions/search", {
        filter: `name=${quote}${model}${quote}`,
        max_results: "1000",
        ...(pageToken ? { page_token: pageToken } : {}),
      });
      versions.push(...(page.model_versions ?? []));
      pageToken = page.next_page_token;
    } while (pageToken);
    if (versions.length === 0) return [];
    const aliases = await this.#aliases(model);
    return versions.map((version) => toVersion(version, aliases.get(String(version.version)) ?? []));
  }

  async get(model: string, version: string): Promise<ModelVersion | undefined> {
    return this.#find("model-versions/get", { name: model, version });
  }

  async getByAlias(model: string, alias: string): Promise<ModelVersion | undefined> {
    return this.#find("registered-models/alias", { name: model, alias });
  }

  async setAlias(model: string, alias: string, version: string): Promise<void> {
    await this.#post("registered-models/alias", { name: model, alias, version }, true);
  }

  async setTag(model: string, version: string, key: string, value: string): Promise<void> {
    await this.#post("model-versions/set-tag", { name: model, version, key, value }, true);
  }

  async downloadUri(model: string, version: string): Promise<string> {
    const answer = await this.#get<{ artifact_uri: string }>("model-versions/get-download-uri", {
      name: model,
      version,
    });
    return answer.artifact_uri;
  }

  async ensureModel(name: string): Promise<void> {
    try {
      await this.#post("registered-models/create", { name }, true);
    } catch (error) {
      if ((error as MlflowError).code !== "RESOURCE_ALREADY_EXISTS") throw error;
    }
  }

  /**
   * Creates a version with its tags in one call. Where the answer is lost, it looks whether the version was made,
   * by its source, which no other version has.
   */
  async createVersion(
    model: string,
    source: { readonly modelId: string; readonly runId: string },
    tags: Readonly<Record<string, string>>,
  ): Promise<ModelVersion> {
    const uri = `models:/${source.modelId}`;
    const body = { name: model, source: uri, run_id: source.runId, model_id: source.modelId, tags: toEntries(tags) };
    try {
      const answer = await this.#post<{ model_version: VersionMessage }>("model-versions/create", body, false);
      return toVersion(answer.model_version);
    } catch (error) {
      if (!(error instanceof MlflowError) || (error.status !== undefined && error.status < 500 && error.status >= 300))
        throw error;
      const made = await this.search(model).then(
        (versions) => versions.find((version) => version.source === uri),
        () => undefined,
      );
      if (made === undefined) throw error;
      return made;
    }
  }

  async #aliases(model: string): Promise<Map<string, string[]>> {
    const answer = await this.#get<RegisteredModelAnswer>("registered-models/get", { name: model });
    const byVersion = new Map<string, string[]>();
    for (const { alias, version } of answer.registered_model.aliases ?? [])
      byVersion.set(String(version), [...(byVersion.get(String(version)) ?? []), alias]);
    return byVersion;
  }

  /** A missing version is 404; a missing alias of a model that exists is 400, told by its text alone. */
  async #find(endpoint: string, query: Record<string, string>): Promise<ModelVersion | undefined> {
    try {
      return toVersion((await this.#get<{ model_version: VersionMessage }>(endpoint, query)).model_version);
    } catch (error) {
      if (!(error instanceof MlflowError)) throw error;
      if (error.code === "RESOURCE_DOES_NOT_EXIST") return undefined;
      if (error.code === "INVALID_PARAMETER_VALUE" && /alias .* not found/i.test(error.message)) return undefined;
      throw error;
    }
  }

  #get<T>(endpoint: string, query: Record<string, string>): Promise<T> {
    return this.#client.json<T>({ method: "GET", path: `${api}/${endpoint}`, query, idempotent: true });
  }

  #post<T>(endpoint: string, body: unknown, idempotent: boolean): Promise<T> {
    return this.#client.json<T>({ method: "POST", path: `${api}/${endpoint}`, body, idempotent });
  }
}
