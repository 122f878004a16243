import { randomBytes } from "node:crypto";
import type { Subject } from "../rpc/provider.ts";
import { isObject, type Properties } from "../rpc/values.ts";
import { annotation, isAnnotated } from "./objects.ts";

const autonamed = "pulumi.com/autonamed";

/**
 * Inputs with a name: their own, the one made up before, or a new one out of the resource's name. A made-up name is marked.
 * Source: pulumi-kubernetes, provider/pkg/metadata/naming.go
 */
export function named(subject: Pick<Subject, "name">, olds: Properties, news: Properties): Properties {
  const metadata = isObject(news.metadata) ? news.metadata : {};
  if (metadata.name !== undefined || metadata.generateName !== undefined) return { ...news, metadata };
  const old = isObject(olds.metadata) && isAnnotated(olds, autonamed) ? olds.metadata.name : undefined;
  const name = old ?? `${subject.name}-${randomBytes(4).toString("hex")}`;
  return {
    ...news,
    metadata: { ...metadata, name, annotations: { ...(metadata.annotations as object), [autonamed]: "true" } },
  };
}

export function isAutonamed(inputs: Properties): boolean {
  return isAnnotated(inputs, autonamed);
}

/** Who owns the fields: as annotated, as before, or a new manager. */
export function fieldManager(inputs: Properties, known?: string): string {
  return (
    annotation(inputs, "pulumi.com/patchFieldManager") ?? known ?? `pulumi-kubernetes-${randomBytes(4).toString("hex")}`
  );
}
