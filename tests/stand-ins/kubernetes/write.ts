import { ApiError, type ApiServer, isApiError } from "./api-server.ts";
import { isAnnotated, type KubernetesObject, referenceOf } from "./objects.ts";
import type { ProviderSettings } from "./settings.ts";

const guide =
  "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources";

/** How an object is written. */
export interface Write {
  readonly api: ApiServer;
  readonly settings: ProviderSettings;
  /** Field manager of server-side applies. */
  readonly manager: string;
  readonly preview: boolean;
}

/** Creates an object: it must not exist, unless the provider is told to upsert. Source: pulumi-kubernetes, await.go, Creation */
export async function createObject(
  object: KubernetesObject,
  { api, settings, manager, preview }: Write,
): Promise<KubernetesObject> {
  if (settings.upsertExistingObjects) {
    const force = preview || isForced(object, settings);
    return api
      .apply(object, { manager, dryRun: preview, force })
      .catch((error) => Promise.reject(explained(error, manager)));
  }
  try {
    return await api.create(object, { manager: "pulumi-kubernetes", dryRun: preview });
  } catch (error) {
    if (!isApiError(error, 409)) throw error;
    const hint =
      "The resource already exists in the cluster. [...] Intentional upsert: set upsertExistingObjects on the provider to allow server-side apply to update existing objects on create.";
    throw new ApiError(409, error.reason, `${error.message}\n\n${hint}`, error.status);
  }
}

/** Applies an object that exists. Source: pulumi-kubernetes, await.go, ssaUpdate */
export async function updateObject(
  object: KubernetesObject,
  { api, settings, manager, preview }: Write,
): Promise<KubernetesObject> {
  if (!preview) await api.adoptFields(referenceOf(object), manager);
  const force = isForced(object, settings) || (preview && (await ownedByClientSide(api, object)));
  return api
    .apply(object, { manager, dryRun: preview, force })
    .catch((error) => Promise.reject(explained(error, manager)));
}

function isForced(object: KubernetesObject, { enablePatchForce }: ProviderSettings): boolean {
  return enablePatchForce || isAnnotated(object, "pulumi.com/patchForce");
}

/** A preview can't adopt the fields of a client-side create, so it must not be refused by them. */
async function ownedByClientSide(api: ApiServer, object: KubernetesObject): Promise<boolean> {
  const live = await api.get(referenceOf(object));
  const managers = (live?.metadata.managedFields ?? []) as { manager?: string; operation?: string }[];
  return managers.some(
    ({ manager, operation }) => operation === "Update" && /^pulumi-(resource-)?kubernetes$/.test(manager ?? ""),
  );
}

function explained(error: unknown, manager: string): unknown {
  if (!isApiError(error, 409)) return error;
  const text = `server-side apply field conflict detected, see ${guide} for troubleshooting help\nThe resource managed by field manager "${manager}" had an apply conflict: ${error.message}`;
  return new ApiError(409, error.reason, text, error.status);
}
