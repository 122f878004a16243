import { isObject, type Properties } from "../../rpc/values.ts";
import { ApiError } from "../api-server.ts";
import type { KubernetesObject } from "../objects.ts";
import { type Fields, fieldName, fieldsOf, mergeFields } from "./fields.ts";

/** How a manager came by its fields. */
type Operation = "Apply" | "Update";

interface Owner {
  readonly manager: string;
  readonly operation: Operation;
  fields: Set<string>;
}

/** Who owns which fields of one object. Source: kubernetes.io/docs/reference/using-api/server-side-apply */
export class Ownership {
  #owners: Owner[] = [];

  /** Takes the fields in which `after` differs from `before`, as an update, a patch or a create does. */
  update(before: KubernetesObject | undefined, after: KubernetesObject, manager: string): void {
    const [olds, news] = [before ? spec(before) : new Map<string, unknown>(), spec(after)];
    const changed = [...news].filter(([field, value]) => !same(olds.get(field), value)).map(([field]) => field);
    const gone = [...olds.keys()].filter((field) => !news.has(field));
    this.#drop([...changed, ...gone]);
    for (const field of changed) this.#owner(manager, "Update").fields.add(field);
  }

  /**
   * The object after a server-side apply of `config`: its fields are set, and those that the manager alone had applied before
   * and no longer does are gone.
   * @throws ApiError 409 where another manager owns a field with another value, unless forced
   */
  apply(live: KubernetesObject, config: KubernetesObject, manager: string, force: boolean): KubernetesObject {
    const [held, wanted] = [spec(live), spec(config)];
    const conflicts = this.#owners
      .filter((other) => !(other.manager === manager && other.operation === "Apply"))
      .map((other) => ({
        other,
        fields: [...wanted]
          .filter(([field, value]) => other.fields.has(field) && !same(held.get(field), value))
          .map(([field]) => field),
      }))
      .filter(({ fields }) => fields.length > 0);
    if (conflicts.length > 0 && !force) throw conflict(conflicts);
    for (const { other, fields } of conflicts) for (const field of fields) other.fields.delete(field);
    const mine = this.#owner(manager, "Apply");
    const dropped = [...mine.fields].filter((field) => !wanted.has(field));
    mine.fields = new Set(wanted.keys());
    const owned = new Set(this.#owners.flatMap(({ fields }) => [...fields]));
    return mergeFields(
      live,
      config,
      dropped.filter((field) => !owned.has(field)),
    ) as KubernetesObject;
  }

  /** Makes a server-side manager of those who wrote by client-side calls. */
  adopt(manager: string): void {
    const clientSide = ["kubectl", "before-first-apply", "pulumi-kubernetes", "pulumi-resource-kubernetes"];
    const mine = this.#owner(manager, "Apply");
    for (const { fields, ...other } of this.#owners) {
      if (clientSide.includes(other.manager)) for (const field of fields) mine.fields.add(field);
    }
    this.#owners = this.#owners.filter((other) => !clientSide.includes(other.manager));
  }

  clone(): Ownership {
    const copy = new Ownership();
    copy.#owners = this.#owners.map((owner) => ({ ...owner, fields: new Set(owner.fields) }));
    return copy;
  }

  #owner(manager: string, operation: Operation): Owner {
    const known = this.#owners.find((owner) => owner.manager === manager && owner.operation === operation);
    if (known) return known;
    const owner: Owner = { manager, operation, fields: new Set() };
    this.#owners.push(owner);
    return owner;
  }

  #drop(fields: readonly string[]): void {
    for (const owner of this.#owners) for (const field of fields) owner.fields.delete(field);
  }
}

const identity = new Set(["name", "namespace", "uid", "generation", "resourceVersion", "creationTimestamp"]);

/** The fields that managers own: not the identity, and not the status. */
function spec({ apiVersion, kind, status, metadata, ...rest }: KubernetesObject): Fields {
  const own = Object.fromEntries(Object.entries(metadata).filter(([key]) => !identity.has(key)));
  return fieldsOf({ ...rest, ...(Object.keys(own).length > 0 && { metadata: own }) });
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b) || (isEmpty(a) && isEmpty(b));
}

function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

function conflict(conflicts: readonly { other: Owner; fields: readonly string[] }[]): ApiError {
  const causes = conflicts.map(({ other, fields }) => {
    const by = other.operation === "Update" ? `"${other.manager}" using apps/v1` : `"${other.manager}"`;
    return {
      count: fields.length,
      text: `conflict${fields.length > 1 ? "s" : ""} with ${by}:\n${fields.map((field) => `- ${fieldName(field)}`).join("\n")}`,
    };
  });
  const count = causes.reduce((sum, cause) => sum + cause.count, 0);
  const message = `Apply failed with ${count} conflict${count > 1 ? "s" : ""}: ${causes.map(({ text }) => text).join("\n")}`;
  const status: Properties = { reason: "Conflict", message };
  return new ApiError(409, "Conflict", message, status);
}
