import { app } from "./names.ts";

/**
 * Metadata of an object that the stack owns.
 *
 * `patchForce` takes back the fields that someone else set by hand since (`kubectl set env`, `set image`), where
 * server-side apply would stop at the conflict; fields that the program doesn't state stay as they are.
 *
 * @see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
 */
export function ownedMetadata(
  name: string,
  namespace: string,
  extra: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  } = {},
) {
  return {
    name,
    namespace,
    labels: commonLabels(extra.labels),
    annotations: { "pulumi.com/patchForce": "true", ...extra.annotations },
  };
}

/** Labels of every object; `extra` win. */
export function commonLabels(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { app, "app.kubernetes.io/name": app, "app.kubernetes.io/part-of": "ml-deployment-pipeline", ...extra };
}
