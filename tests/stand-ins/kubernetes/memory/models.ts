import * as client from "@kubernetes/client-node";
import { isObject } from "../../rpc/values.ts";
import type { ObjectReference } from "../objects.ts";

interface Model {
  getAttributeTypeMap(): readonly { baseName: string; type: string }[];
}

const models = client as unknown as Record<string, Model | undefined>;

/** The client's model of a built-in kind, as `V1Deployment`, and undefined for other kinds. */
export function modelOf({ apiVersion, kind }: Pick<ObjectReference, "apiVersion" | "kind">): string | undefined {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const builtIn = !group.includes(".") || group.endsWith(".k8s.io");
  const version = apiVersion.slice(apiVersion.indexOf("/") + 1);
  const name = `${version[0]!.toUpperCase()}${version.slice(1)}${kind}`;
  return builtIn && models[name]?.getAttributeTypeMap ? name : undefined;
}

/** What in a value isn't of a model's type: fields that don't exist, and values of another type, by path. */
export function modelProblems(type: string, value: unknown, path = ""): string[] {
  const list = /^Array<(.+)>$/.exec(type);
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type);
  if (value === null || value === undefined) return [];
  if (list) {
    if (!Array.isArray(value)) return [wrong(path, "a list", value)];
    return value.flatMap((item, index) => modelProblems(list[1]!, item, `${path}[${index}]`));
  }
  if (map) {
    if (!isObject(value)) return [wrong(path, "an object", value)];
    return Object.entries(value).flatMap(([key, item]) => modelProblems(map[1]!, item, `${path}.${key}`));
  }
  if (type === "string" || type === "number" || type === "boolean") {
    return typeof value === type ? [] : [wrong(path, `a ${type}`, value)];
  }
  if (type === "IntOrString")
    return ["string", "number"].includes(typeof value) ? [] : [wrong(path, "a number or string", value)];
  const model = models[type];
  if (!model?.getAttributeTypeMap) return [];
  if (!isObject(value)) return [wrong(path, "an object", value)];
  const members = new Map(model.getAttributeTypeMap().map(({ baseName, type: member }) => [baseName, member]));
  return Object.entries(value).flatMap(([key, member]) => {
    const at = path === "" ? key : `${path}.${key}`;
    const known = members.get(key);
    return known ? modelProblems(known, member, at) : [`unknown field "${at}"`];
  });
}

function wrong(path: string, expected: string, value: unknown): string {
  return `${path}: expected ${expected}, got ${JSON.stringify(value)}`;
}
