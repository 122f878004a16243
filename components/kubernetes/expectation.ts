import type { Expectation, ExpectedModel } from "../../mlflow/expectation.ts";

const annotation = "ml-deployment-pipeline/expectation";
const folder = "/etc/ml-inference";
const file = "expectation.json";
const volume = "expectation";

/** Kubernetes takes 256 KiB of annotations an object; this leaves room for others' (docs, "totalAnnotationSizeLimitB"). */
const limitBytes = 200 * 1024;

/** Where pods find the expectation. */
export const expectationFile = `${folder}/${file}`;

/**
 * What carries an expectation into a pod: an annotation of its template, mounted as a file.
 *
 * Unlike a ConfigMap's, its life is the pod's: a restart or `kubectl rollout undo` brings the revision's own back, and
 * nothing is left to clean up.
 *
 * @param json {@link expectationJson}.
 */
export function expectationParts<Json>(json: Json) {
  const fieldRef = { apiVersion: "v1", fieldPath: `metadata.annotations['${annotation}']` };
  return {
    annotations: { [annotation]: json },
    volume: { name: volume, downwardAPI: { items: [{ path: file, fieldRef }] } },
    mount: { name: volume, mountPath: folder, readOnly: true },
  };
}

/**
 * What pods of a template expect, but the golden sample.
 *
 * @param annotations Of the template.
 */
export function expectedModel(annotations: Readonly<Record<string, string>>): ExpectedModel | undefined {
  const json = annotations[annotation];
  if (json === undefined) return undefined;
  const { modelName, modelVersion, sha256 } = JSON.parse(json) as Expectation;
  return { modelName, modelVersion, sha256 };
}

/** @throws Error where it is too large for an annotation. */
export function expectationJson(expectation: Expectation): string {
  const json = JSON.stringify(expectation);
  const bytes = Buffer.byteLength(json);
  if (bytes <= limitBytes) return json;
  throw new Error(
    `the expectation of ${expectation.modelName} version ${expectation.modelVersion}: expected at most ${limitBytes} bytes, ` +
      `which is what a pod's annotations hold, got ${bytes}: register the model with a golden sample of fewer rows ` +
      `(it has ${expectation.golden?.rows.length ?? 0})`,
  );
}
