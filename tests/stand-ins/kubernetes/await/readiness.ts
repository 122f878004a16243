import type { ApiServer } from "../api-server.ts";
import { at, condition, fullName, type KubernetesObject, referenceOf } from "../objects.ts";
import { podMessages } from "./pods.ts";

/** How far an object has come. */
export interface Readiness {
  readonly ready: boolean;
  /** It won't become ready any more. */
  readonly failed: boolean;
  /** Why it isn't ready, as the provider tells it. */
  readonly messages: readonly string[];
}

const ready: Readiness = { ready: true, failed: false, messages: [] };

type Rule = (api: ApiServer, live: KubernetesObject) => Promise<Readiness>;

/** Rules by `apiVersion/kind`. Other objects are ready once they exist. Source: pulumi-kubernetes, provider/pkg/await */
const rules: Readonly<Record<string, Rule>> = {
  "apps/v1/Deployment": deployment,
  "batch/v1/Job": job,
  "networking.k8s.io/v1/Ingress": ingress,
};

/** Whether an object that exists is ready. */
export function readiness(api: ApiServer, live: KubernetesObject): Promise<Readiness> {
  const rule = rules[`${live.apiVersion}/${live.kind}`];
  return rule ? rule(api, live) : Promise.resolve(ready);
}

/** A failed progress deadline is told, but only the timeout ends the wait. */
async function deployment(api: ApiServer, live: KubernetesObject): Promise<Readiness> {
  const { generation } = live.metadata as { generation?: number };
  const status = (live.status ?? {}) as Record<string, number | undefined>;
  const replicas = (at(live, "spec", "replicas") as number | undefined) ?? 1;
  const [available, progressing] = [condition(live, "Available"), condition(live, "Progressing")];
  const isAvailable = available?.status === "True";
  const isProgressed = progressing?.status === "True" && progressing.reason === "NewReplicaSetAvailable";
  const isUpdated =
    status.observedGeneration === generation &&
    (status.updatedReplicas ?? 0) >= replicas &&
    (status.readyReplicas ?? 0) >= replicas &&
    (status.unavailableReplicas ?? 0) === 0 &&
    (status.replicas ?? 0) <= replicas;
  if (isAvailable && isProgressed && isUpdated) return ready;
  const conditions = [progressing, available].filter((found) => found !== undefined && found.status !== "True");
  const messages = conditions.map((found) => `[${found?.reason}] ${found?.message}`);
  if (!isAvailable) messages.push("Minimum number of live Pods was not attained");
  else if (!isProgressed) messages.push("Minimum number of Pods to consider the application live was not attained");
  else messages.push("Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live");
  return { ready: false, failed: false, messages: [...messages, ...(await podMessages(api, live))] };
}

async function job(api: ApiServer, live: KubernetesObject): Promise<Readiness> {
  if (at(live, "status", "startTime") !== undefined && condition(live, "Complete")?.status === "True") return ready;
  const failure = condition(live, "Failed");
  const failed =
    failure?.status === "True" && ["BackoffLimitExceeded", "DeadlineExceeded"].includes(String(failure.reason));
  const messages = failed ? [`[${failure.reason}] ${failure.message}`] : [];
  return { ready: false, failed, messages: [...(await podMessages(api, live)), ...messages] };
}

/** It has an address once its controller says so, which some never do. */
async function ingress(_api: ApiServer, live: KubernetesObject): Promise<Readiness> {
  if (at(live, "status", "loadBalancer", "ingress", 0) !== undefined) return ready;
  const message = "Ingress .status.loadBalancer field was not updated with a hostname/IP address.";
  return { ready: false, failed: false, messages: [message] };
}

/** An object's wait that came to no good end. */
export class NotReady extends Error {
  readonly messages: readonly string[];
  readonly live: KubernetesObject;

  constructor(message: string, messages: readonly string[], live: KubernetesObject) {
    super(message);
    this.messages = messages;
    this.live = live;
  }
}

/**
 * Waits until an object is ready.
 * @param timeout in milliseconds
 * @throws NotReady where it failed, or isn't ready in time
 */
export async function untilReady(
  api: ApiServer,
  created: KubernetesObject,
  timeout: number,
): Promise<KubernetesObject> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const live = (await api.get(referenceOf(created))) ?? created;
    const state = await readiness(api, live);
    if (state.ready) return live;
    const { name } = live.metadata;
    if (state.failed)
      throw new NotReady(`Resource '${name}' was created but failed to initialize`, state.messages, live);
    const goesOn = Date.now() < deadline && (await api.pause());
    if (!goesOn) throw new NotReady(`'${name}' timed out waiting to be Ready`, state.messages, live);
  }
}

/** Waits until an object is gone. @throws Error where it is still there after the timeout */
export async function untilGone(api: ApiServer, object: KubernetesObject, timeout: number): Promise<void> {
  const deadline = Date.now() + timeout;
  const uid = at(object, "metadata", "uid");
  for (;;) {
    const live = await api.get(referenceOf(object));
    if (!live || (uid !== undefined && at(live, "metadata", "uid") !== uid)) return;
    if (Date.now() >= deadline || !(await api.pause())) {
      throw new Error(`timed out waiting for deletion of ${object.kind} ${fullName(object.metadata)}`);
    }
  }
}
