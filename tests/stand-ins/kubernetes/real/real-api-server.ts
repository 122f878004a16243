import { setTimeout } from "node:timers/promises";
import type { Properties } from "../../rpc/values.ts";
import { type ApiServer, isApiError, type WriteOptions } from "../api-server.ts";
import { type KubernetesObject, type ObjectReference, referenceOf } from "../objects.ts";
import type { ProviderSettings } from "../settings.ts";
import { Connection, kubeConfigOf } from "./connection.ts";
import { adoptPatch } from "./managed-fields.ts";

type Kind = Pick<ObjectReference, "apiVersion" | "kind">;

/** What discovery says of a kind. */
interface ApiResource {
  /** Plural, as in paths. */
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** An API server over HTTPS. Fields that don't exist are refused, not dropped. */
export class RealApiServer implements ApiServer {
  readonly #connection: Connection;
  readonly #discovered = new Map<string, Promise<readonly ApiResource[]>>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async isNamespaced(kind: Kind): Promise<boolean | undefined> {
    return (await this.#resource(kind))?.namespaced;
  }

  async get(reference: ObjectReference): Promise<KubernetesObject | undefined> {
    const path = await this.#path(reference);
    return this.#connection.send({ method: "GET", path }).then(
      (found) => found as KubernetesObject,
      (error) => (isApiError(error, 404) ? undefined : Promise.reject(error)),
    );
  }

  async list({ apiVersion, kind }: Kind, namespace: string): Promise<KubernetesObject[]> {
    const path = await this.#path({ apiVersion, kind, namespace, name: "" });
    const { items } = (await this.#connection.send({ method: "GET", path })) as { items: Properties[] };
    return items.map((item) => ({ ...item, apiVersion, kind }) as KubernetesObject);
  }

  async create(object: KubernetesObject, { manager, dryRun }: WriteOptions): Promise<KubernetesObject> {
    const path = await this.#path({ ...referenceOf(object), name: "" });
    return this.#write({ method: "POST", path, body: object, query: query(manager, dryRun) });
  }

  async apply(object: KubernetesObject, options: WriteOptions & { force: boolean }): Promise<KubernetesObject> {
    const { manager, dryRun, force } = options;
    const path = await this.#path(referenceOf(object));
    return this.#write({
      method: "PATCH",
      path,
      body: object,
      contentType: "application/apply-patch+yaml",
      query: { ...query(manager, dryRun), force: String(force) },
    });
  }

  async adoptFields(reference: ObjectReference, manager: string): Promise<void> {
    const live = await this.get(reference);
    const patch = live && adoptPatch(live, manager);
    if (!patch) return;
    const contentType = "application/json-patch+json";
    await this.#connection.send({ method: "PATCH", path: await this.#path(reference), body: patch, contentType });
  }

  async delete(reference: ObjectReference): Promise<void> {
    const path = await this.#path(reference);
    const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Foreground" };
    await this.#connection.send({ method: "DELETE", path, body }).catch((error) => {
      if (!isApiError(error, 404)) throw error;
    });
  }

  async pause(): Promise<boolean> {
    await setTimeout(500);
    return true;
  }

  async #write(request: Parameters<Connection["send"]>[0]): Promise<KubernetesObject> {
    return (await this.#connection.send(request)) as KubernetesObject;
  }

  async #path({ apiVersion, kind, namespace, name }: ObjectReference): Promise<string> {
    const resource = await this.#resource({ apiVersion, kind });
    if (!resource) throw new Error(`no matches for kind "${kind}" in version "${apiVersion}"`);
    const within = resource.namespaced ? `/namespaces/${namespace ?? "default"}` : "";
    return `${groupPath(apiVersion)}${within}/${resource.name}${name === "" ? "" : `/${name}`}`;
  }

  /** A kind that isn't found is looked up again next time: its definition may have come meanwhile. */
  async #resource({ apiVersion, kind }: Kind): Promise<ApiResource | undefined> {
    const known = this.#discovered.get(apiVersion) ?? this.#discover(apiVersion);
    this.#discovered.set(apiVersion, known);
    const found = (await known).find((resource) => resource.kind === kind && !resource.name.includes("/"));
    if (!found) this.#discovered.delete(apiVersion);
    return found;
  }

  async #discover(apiVersion: string): Promise<readonly ApiResource[]> {
    const request = { method: "GET", path: groupPath(apiVersion) } as const;
    const answer = await this.#connection.send(request).catch((error): Properties => {
      this.#discovered.delete(apiVersion);
      if (isApiError(error, 404)) return {};
      throw error;
    });
    return (answer.resources ?? []) as ApiResource[];
  }
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function query(fieldManager: string, dryRun: boolean): Record<string, string> {
  return { fieldManager, fieldValidation: "Strict", ...(dryRun && { dryRun: "All" }) };
}

/** API servers by the configuration of provider resources. */
export function realApiServers(
  env: Readonly<Record<string, string | undefined>>,
): (settings: ProviderSettings) => ApiServer {
  const servers = new Map<string, ApiServer>();
  return (settings) => {
    const key = JSON.stringify([settings.kubeconfig, settings.context]);
    const known = servers.get(key) ?? new RealApiServer(new Connection(kubeConfigOf(settings, env)));
    servers.set(key, known);
    return known;
  };
}
