import type { automation } from "@pulumi/pulumi";

/** A resource that a destroy leaves: the program protects it from deletion. */
export interface KeptResource {
  /** Name in the program, as `image-repository`. */
  readonly name: string;
  /** Last part of its type, as `Repository`. */
  readonly kind: string;
  /** What its provider knows it by, as `ml-inference`. */
  readonly id: string;
  readonly urn: string;
}

/** The protected resources in a stack's state. */
export async function findKept(stack: automation.Stack): Promise<KeptResource[]> {
  const { deployment } = await stack.exportStack();
  const { resources = [] } = deployment as { resources?: RecordedResource[] };
  return resources
    .filter(({ custom, protect }) => custom && protect)
    .map(({ urn, type, id = "" }) => ({ name: urn.split("::").at(-1)!, kind: type.split(":").at(-1)!, id, urn }));
}

interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly custom?: boolean;
  readonly protect?: boolean;
}
