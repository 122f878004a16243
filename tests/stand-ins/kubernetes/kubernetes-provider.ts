import type {
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  Provider,
  ReadRequest,
  Subject,
  UpdateRequest,
} from "../rpc/provider.ts";
import { InitFailed } from "../rpc/provider.ts";
import { containsUnknown, isObject, keepSecrets, type Properties, plainProperties, UNKNOWN } from "../rpc/values.ts";
import { type ApiServer, isApiError } from "./api-server.ts";
import { NotReady, readiness, untilGone, untilReady } from "./await/readiness.ts";
import { fromOutputs, toOutputs, withSecretData } from "./checkpoint.ts";
import { difference, liveInputs, normalize } from "./difference.ts";
import { forceNew } from "./force-new.ts";
import { fieldManager, isAutonamed, named } from "./names.ts";
import { fullName, isAnnotated, type KubernetesObject, referenceOf } from "./objects.ts";
import { inNamespace, needsNewRun, placed, timeoutOf, without } from "./rules.ts";
import { type ProviderSettings, providerSettings } from "./settings.ts";
import { createObject, updateObject } from "./write.ts";

/** Gives the API server that a provider resource speaks to. */
export type Connect = (settings: ProviderSettings) => ApiServer;

/** @pulumi/kubernetes over an API server in memory or a real one. Source: pulumi-kubernetes, provider/pkg/provider/provider.go */
export class KubernetesProvider implements Provider {
  readonly #connect: Connect;

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  async check(request: Subject & { olds: Properties; news: Properties }) {
    if (!/^kubernetes:[^:]+:[A-Z]\w*$/.test(request.type) || /^kubernetes:(helm|yaml|kustomize)/.test(request.type)) {
      throw new Error(`the kubernetes stand-in knows no resource type ${request.type}: expected an object's kind`);
    }
    const { api, settings } = this.#open(request);
    const inputs = named(request, plainProperties(request.olds), request.news);
    const metadata = inputs.metadata as Properties;
    if (metadata.generateName !== undefined) {
      throw new Error("the `.metadata.generateName` field is not supported in Server-Side Apply mode");
    }
    const namespaced = containsUnknown(inputs.kind)
      ? undefined
      : await api.isNamespaced(plainProperties(inputs) as KubernetesObject);
    const defaults = namespaced !== false && settings.namespace !== undefined && metadata.namespace === undefined;
    const placed = defaults ? { ...inputs, metadata: { ...metadata, namespace: settings.namespace } } : inputs;
    return { inputs: withSecretData(placed) };
  }

  async diff(request: DiffRequest) {
    const { api, settings } = this.#open(request);
    const { inputs: oldInputs, live } = fromOutputs(request.olds);
    const news = normalize(plainProperties(request.news));
    const object = news as KubernetesObject;
    const namespaced = (await api.isNamespaced(object)) ?? true;
    const before = inNamespace(liveInputs(live, normalize(oldInputs)), namespaced);
    const after = inNamespace(news, namespaced);
    const isNamed = isObject(after.metadata) && after.metadata.name !== undefined;
    // A name that the program sets to what was made up for it is no change.
    const aligned = isNamed
      ? { ...before, metadata: { ...(before.metadata as object), name: live.metadata.name } }
      : before;
    const changes = difference(aligned, after, forceNew(object, settings));
    for (const path of changes.keys()) {
      if (request.ignoreChanges.some((ignored) => path === ignored || path.startsWith(`${ignored}.`)))
        changes.delete(path);
    }
    const replaces = (await needsNewRun(api, object, live))
      ? ['.metadata.annotations["pulumi.com/replaceUnready"]']
      : [];
    const isReplaced = replaces.length > 0 || [...changes.values()].some((kind) => kind.endsWith("-replace"));
    const { name, namespace } = after.metadata as { name?: string; namespace?: string };
    const sameIdentity = name === live.metadata.name && (namespace ?? "") === (live.metadata.namespace ?? "");
    return { changes, replaces, deleteBeforeReplace: isReplaced && isNamed && !isAutonamed(after) && sameIdentity };
  }

  async create(request: CreateRequest) {
    const { api, settings } = this.#open(request);
    const inputs = plainProperties(request.inputs);
    const { preview } = request;
    const cannotPreview =
      containsUnknown(inputs) || (preview && (await api.isNamespaced(inputs as KubernetesObject)) === undefined);
    if (preview && cannotPreview) return { id: "", outputs: request.inputs };
    const object = await placed(api, normalize(inputs) as KubernetesObject);
    const manager = fieldManager(inputs);
    let live: KubernetesObject;
    try {
      live = await createObject(object, { api, settings, manager, preview });
    } catch (error) {
      // A namespace that the program is about to create, or an object that a replacement deletes first.
      if (preview && (isApiError(error, 404) || isApiError(error, 409))) return { id: "", outputs: request.inputs };
      throw new Error(
        `resource "${request.urn}" was not successfully created by the Kubernetes API server: ${(error as Error).message}`,
      );
    }
    const outputs = (found: KubernetesObject) => toOutputs({ inputs, live: found, manager }, request.inputs);
    if (preview) return { id: "", outputs: outputs(without(live, "status")) };
    const id = fullName(live.metadata);
    try {
      return { id, outputs: outputs(await this.#await(api, live, request)) };
    } catch (error) {
      if (!(error instanceof NotReady)) throw error;
      const message = `resource "${request.urn}" was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live: ${error.message}`;
      throw new InitFailed([message, ...error.messages], { id, outputs: outputs(error.live) });
    }
  }

  async read(request: ReadRequest) {
    const { api } = this.#open(request);
    const inputs = normalize(plainProperties(request.inputs));
    const { live: known, manager } = fromOutputs(request.outputs);
    const source = (known.metadata ? known : inputs) as KubernetesObject;
    if (!source.metadata?.name)
      throw new Error(`${request.type} ${request.id} is not in the state: the kubernetes stand-in imports nothing`);
    const live = await api.get(referenceOf(source));
    if (!live) return undefined;
    const seen = liveInputs(live, inputs);
    const answer = {
      inputs: withSecretData(keepSecrets(seen, request.inputs)),
      outputs: toOutputs({ inputs: seen, live, manager: fieldManager(inputs, manager) }, request.inputs),
    };
    const state = await readiness(api, live);
    if (state.ready || isAnnotated(inputs, "pulumi.com/skipAwait")) return answer;
    const message = `Resource '${live.metadata.name}' was created but failed to initialize`;
    throw new InitFailed([message, ...state.messages], { id: request.id, ...answer });
  }

  async update(request: UpdateRequest): Promise<Properties> {
    const { api, settings } = this.#open(request);
    const inputs = normalize(plainProperties(request.news));
    const { preview } = request;
    if (preview && (containsUnknown(inputs) || (await api.isNamespaced(inputs as KubernetesObject)) === undefined))
      return request.news;
    const { live: known, manager: before } = fromOutputs(request.olds);
    const object = await placed(api, inputs as KubernetesObject);
    const manager = fieldManager(inputs, before);
    const outputs = (live: KubernetesObject) => toOutputs({ inputs, live, manager }, request.news);
    if (!(await api.get(referenceOf(known)))) {
      throw new Error(
        `update of resource "${request.urn}" failed: ${known.kind} "${fullName(known.metadata)}" not found\nunable to get cluster state: not found`,
      );
    }
    try {
      const live = await updateObject(object, { api, settings, manager, preview });
      return outputs(preview ? live : await this.#await(api, live, request));
    } catch (error) {
      const found = error instanceof NotReady ? error.live : ((await api.get(referenceOf(known))) ?? known);
      const id = fullName(found.metadata);
      const message = `the Kubernetes API server reported that "${id}" failed to fully initialize or become live: ${(error as Error).message}`;
      throw new InitFailed([message, ...(error instanceof NotReady ? error.messages : [])], {
        id,
        outputs: outputs(found),
      });
    }
  }

  async delete(request: DeleteRequest): Promise<void> {
    const { api } = this.#open(request);
    const { live } = fromOutputs(request.outputs);
    // Of a kind that is gone, nothing is left.
    if ((await api.isNamespaced(live)) === undefined) return;
    await api.delete(referenceOf(live));
    await untilGone(api, live, timeoutOf(request.timeout, live));
  }

  /** Another cluster replaces all; without an identifier, so does a configuration that isn't known yet. Source: DiffConfig */
  configReplaces(olds: Properties, news: Properties): readonly string[] {
    const [before, after] = [olds.clusterIdentifier, news.clusterIdentifier];
    if (before !== undefined && after !== undefined) return before === after ? [] : ["clusterIdentifier"];
    const keys = ["kubeconfig", "context", "cluster"];
    return keys.filter(
      (key) => news[key] === UNKNOWN || (key !== "kubeconfig" && olds[key] !== news[key] && olds[key] !== undefined),
    );
  }

  #open({ config }: Subject): { api: ApiServer; settings: ProviderSettings } {
    const settings = providerSettings(config);
    return { api: this.#connect(settings), settings };
  }

  #await(api: ApiServer, live: KubernetesObject, { timeout }: { timeout: number }): Promise<KubernetesObject> {
    if (isAnnotated(live, "pulumi.com/skipAwait")) return Promise.resolve(live);
    return untilReady(api, live, timeoutOf(timeout, live));
  }
}
