import { isObject, type Properties } from "../../rpc/values.ts";

/** Keys by which items of a list are told apart when managers share it. Other lists have one owner as a whole. */
const listKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  env: ["name"],
  volumes: ["name"],
  volumeMounts: ["mountPath"],
  ports: ["containerPort", "port", "protocol"],
  imagePullSecrets: ["name"],
  topologySpreadConstraints: ["topologyKey", "whenUnsatisfiable"],
  hostAliases: ["ip"],
  conditions: ["type"],
};

/** A list whose items are fields of their own. */
class KeyedList {
  readonly items: ReadonlyMap<string, Tree>;

  constructor(items: ReadonlyMap<string, Tree>) {
    this.items = items;
  }
}

type Tree = ReadonlyMap<string, Tree> | KeyedList | { readonly leaf: unknown };

/** Values by field, where a field is a path such as `["spec","replicas"]` in JSON. */
export type Fields = ReadonlyMap<string, unknown>;

/** The fields of an object. An empty object is a field, too. */
export function fieldsOf(object: Properties): Fields {
  const fields = new Map<string, unknown>();
  const walk = (tree: Tree, path: readonly string[]): void => {
    const inner = tree instanceof KeyedList ? tree.items : tree;
    if (!(inner instanceof Map)) fields.set(JSON.stringify(path), (inner as { leaf: unknown }).leaf);
    else for (const [key, member] of inner) walk(member, [...path, key]);
  };
  walk(treeOf(object), []);
  return fields;
}

/** `live` with the fields of `config` set, and those of `removed` gone. */
export function mergeFields(live: Properties, config: Properties, removed: Iterable<string>): Properties {
  let tree = merge(treeOf(live), treeOf(config));
  for (const field of removed) tree = remove(tree, JSON.parse(field) as string[]) ?? tree;
  return toValue(tree) as Properties;
}

/** A field as Kubernetes tells it in a conflict: `.spec.template.spec.containers[name="a"].image`. */
export function fieldName(field: string): string {
  return (JSON.parse(field) as string[]).map((part) => (part.startsWith("[") ? part : `.${part}`)).join("");
}

function treeOf(value: unknown, name = ""): Tree {
  if (isObject(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    if (members.length === 0) return { leaf: {} };
    return new Map(members.map(([key, member]) => [key, treeOf(member, key)]));
  }
  const keys = listKeys[name];
  if (!Array.isArray(value) || !keys || value.length === 0 || !value.every(isObject)) return { leaf: value };
  const items = value.map((item): [string, Tree] => [itemKey(item as Properties, keys), treeOf(item)]);
  return new KeyedList(new Map(items));
}

function itemKey(item: Properties, keys: readonly string[]): string {
  const parts = keys.map((key) => [key, item[key] ?? (key === "protocol" ? "TCP" : undefined)]);
  const given = parts.filter(([, value]) => value !== undefined);
  return `[${given.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(",")}]`;
}

function toValue(tree: Tree): unknown {
  if (tree instanceof KeyedList) return [...tree.items.values()].map(toValue);
  if (!(tree instanceof Map)) return (tree as { leaf: unknown }).leaf;
  return Object.fromEntries([...tree].map(([key, member]) => [key, toValue(member)]));
}

function merge(live: Tree | undefined, config: Tree): Tree {
  if (live === undefined) return config;
  if (live instanceof KeyedList && config instanceof KeyedList)
    return new KeyedList(mergeMaps(live.items, config.items));
  if (live instanceof Map && config instanceof Map) return mergeMaps(live, config);
  const empty =
    !(config instanceof Map) && !(config instanceof KeyedList) && isObject((config as { leaf: unknown }).leaf);
  return empty && live instanceof Map ? live : config;
}

function mergeMaps(live: ReadonlyMap<string, Tree>, config: ReadonlyMap<string, Tree>): Map<string, Tree> {
  return new Map([...live, ...[...config].map(([key, member]): [string, Tree] => [key, merge(live.get(key), member)])]);
}

/** Without a field; undefined where nothing is left. */
function remove(tree: Tree, [key, ...rest]: readonly string[]): Tree | undefined {
  const inner = tree instanceof KeyedList ? tree.items : tree;
  if (key === undefined || !(inner instanceof Map)) return undefined;
  const member = inner.get(key);
  if (member === undefined) return tree;
  const left = remove(member, rest);
  const kept = new Map(inner);
  if (left === undefined) kept.delete(key);
  else kept.set(key, left);
  if (kept.size === 0) return undefined;
  return tree instanceof KeyedList ? new KeyedList(kept) : kept;
}
