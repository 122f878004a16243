import type { Properties } from "../rpc/values.ts";
import type { Mutability } from "./force-new.ts";

/** A provider resource's configuration with its defaults. Booleans come as JSON. Source: pulumi-kubernetes, provider.go, Configure */
export interface ProviderSettings extends Mutability {
  readonly namespace: string | undefined;
  readonly enablePatchForce: boolean;
  /** Without it, to create an object that exists is an error (since 4.29). */
  readonly upsertExistingObjects: boolean;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
}

export function providerSettings(config: Properties): ProviderSettings {
  const isOn = (key: string) => config[key] === true || config[key] === "true";
  const text = (key: string) => (typeof config[key] === "string" && config[key] !== "" ? config[key] : undefined);
  if (config.enableServerSideApply === "false" || config.enableServerSideApply === false) {
    throw new Error("the kubernetes stand-in knows server-side apply only: expected no enableServerSideApply: false");
  }
  return {
    enableConfigMapMutable: isOn("enableConfigMapMutable"),
    enableSecretMutable: isOn("enableSecretMutable"),
    enablePatchForce: isOn("enablePatchForce"),
    upsertExistingObjects: isOn("upsertExistingObjects"),
    namespace: text("namespace"),
    kubeconfig: text("kubeconfig"),
    context: text("context"),
  };
}
