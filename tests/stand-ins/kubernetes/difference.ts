import { canonical } from "../bridged.ts";
import type { ChangeKind } from "../rpc/provider.ts";
import { isObject, type Properties, UNKNOWN } from "../rpc/values.ts";
import { at } from "./objects.ts";

/** The live object in the shape of the inputs: only members that the inputs have. Source: pruneMap of pulumi-kubernetes, util.go */
function prune(live: unknown, shape: unknown): unknown {
  if (isObject(live) && isObject(shape)) {
    const shared = Object.keys(live).filter((key) => key in shape);
    return Object.fromEntries(shared.map((key) => [key, prune(live[key], shape[key])]));
  }
  if (Array.isArray(live) && Array.isArray(shape) && typeof live[0] === typeof shape[0]) {
    return shape.slice(0, live.length).map((item, index) => prune(live[index], item));
  }
  return live;
}

/**
 * The live object in the shape of the inputs, in which zeros of the inputs that the server left out are back, since it leaves out many `""`, `0` and `false`.
 * The real provider knows of each field whether it does; here, one that somebody else removed isn't seen.
 */
export function liveInputs(live: unknown, inputs: unknown): Properties {
  return withZeros(prune(live, inputs), inputs) as Properties;
}

function withZeros(pruned: unknown, inputs: unknown): unknown {
  if (Array.isArray(pruned) && Array.isArray(inputs))
    return pruned.map((item, index) => withZeros(item, inputs[index]));
  if (!isObject(pruned) || !isObject(inputs)) return pruned;
  const zeros = Object.entries(inputs).filter(
    ([key, value]) => !(key in pruned) && ["", 0, false].includes(value as never),
  );
  const kept = Object.entries(pruned).map(([key, value]) => [key, withZeros(value, inputs[key])]);
  return Object.fromEntries([...kept, ...zeros]);
}

/**
 * What changes between an object's live state in the shape of its old inputs, and its new inputs. Paths are Pulumi's.
 * Source: convertPatchToDiff of pulumi-kubernetes, provider.go
 * @param forced paths whose change, or a change below them, replaces the object
 */
export function difference(before: Properties, after: Properties, forced: readonly string[]): Map<string, ChangeKind> {
  const changes = new Map<string, ChangeKind>();
  compare([], before, after, (path, kind, value) => {
    const text = path.join(".");
    const replaces = forced.some((one) => {
      if (text === one || text.startsWith(`${one}.`)) return true;
      // What is added or changed as a whole replaces where the value has the path; one that isn't known yet doesn't.
      return one.startsWith(`${text}.`) && at(value, ...one.slice(text.length + 1).split(".")) !== undefined;
    });
    changes.set(pathText(path), replaces ? (`${kind}-replace` as ChangeKind) : kind);
  });
  return changes;
}

type Changed = (path: Path, kind: "add" | "delete" | "update", value: unknown) => void;

type Path = readonly (string | number)[];

function compare(path: Path, before: unknown, after: unknown, changed: Changed): void {
  if ((isObject(before) && isObject(after)) || (Array.isArray(before) && Array.isArray(after))) {
    const [olds, news] = [before, after] as [Properties, Properties];
    for (const key of new Set([...Object.keys(olds), ...Object.keys(news)])) {
      const inner = [...path, Array.isArray(after) ? Number(key) : key];
      if (news[key] === undefined) changed(inner, "delete", undefined);
      else if (olds[key] === undefined) changed(inner, "add", news[key]);
      else compare(inner, olds[key], news[key], changed);
    }
  } else if (after === UNKNOWN || canonical(before) !== canonical(after)) changed(path, "update", after);
}

function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (/[."[\]]/.test(part)) return `${text}["${part.replaceAll('"', '\\"')}"]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** Inputs as the API server would have them: a Secret's texts are data, and what is empty or read-only is left out. */
export function normalize(inputs: Properties): Properties {
  const { stringData, ...object } = inputs;
  const metadata = isObject(object.metadata) ? { ...object.metadata } : {};
  for (const key of ["creationTimestamp", "deletionTimestamp", "generation", "managedFields", "resourceVersion", "uid"])
    delete metadata[key];
  const kept = withoutEmpty({ ...object, metadata }) as Properties;
  if (object.kind !== "Secret" || !isObject(stringData))
    return stringData === undefined ? kept : { ...kept, stringData };
  const encoded = Object.entries(stringData).map(([key, text]) => [
    key,
    text === UNKNOWN ? UNKNOWN : Buffer.from(String(text)).toString("base64"),
  ]);
  return { ...kept, data: { ...(isObject(kept.data) && kept.data), ...Object.fromEntries(encoded) } };
}

/** Without lists that are empty and members that are null: servers leave both out of built-in kinds. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(
    ([, member]) => member !== null && !(Array.isArray(member) && member.length === 0),
  );
  return Object.fromEntries(members.map(([key, member]) => [key, withoutEmpty(member)]));
}
