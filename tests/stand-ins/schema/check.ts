import { isObject, isSecret, UNKNOWN } from "../rpc/values.ts";
import type { Declarations, Member, Shape } from "./declarations.ts";

/** A value that isn't as declared. */
export interface Problem {
  /** Where, as `imageScanningConfiguration.scanOnPush`. */
  readonly path: string;
  /** What was expected and what came. */
  readonly reason: string;
}

/** What in an object isn't as the SDK declares it: unknown members, missing ones and values of another type. */
export function problems(declared: Declarations, members: readonly Member[], value: object, path = ""): Problem[] {
  const at = (key: string) => (path === "" ? key : `${path}.${key}`);
  const given = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  const missing = members.filter(({ name, required }) => required && !given.some(([key]) => key === name));
  return [
    ...missing.map(({ name }) => ({ path: at(name), reason: "is required, nothing came" })),
    ...given.flatMap(([key, member]) => {
      const known = members.find(({ name }) => name === key);
      if (known) return valueProblems(declared, known.shape, member, at(key));
      return [{ path: at(key), reason: `is unknown: expected one of ${members.map(({ name }) => name).join(", ")}` }];
    }),
  ];
}

function valueProblems(declared: Declarations, shape: Shape, value: unknown, path: string): Problem[] {
  if (isSecret(value)) return valueProblems(declared, shape, value.value, path);
  if (value === UNKNOWN || value === null) return [];
  switch (shape.kind) {
    case "any":
      return [];
    case "list":
      if (!Array.isArray(value)) return [mismatch("a list", value, path)];
      return value.flatMap((item, index) => valueProblems(declared, shape.of, item, `${path}[${index}]`));
    case "map":
      if (!isObject(value)) return [mismatch("an object", value, path)];
      return Object.entries(value).flatMap(([key, item]) => valueProblems(declared, shape.of, item, `${path}.${key}`));
    case "union": {
      const all = shape.of.map((one) => valueProblems(declared, one, value, path));
      return all.some((found) => found.length === 0) ? [] : all[0]!;
    }
    case "object": {
      const members = declared.object(shape.name);
      if (members === undefined) return [];
      return isObject(value) ? problems(declared, members, value, path) : [mismatch("an object", value, path)];
    }
    default:
      return typeof value === shape.kind ? [] : [mismatch(`a ${shape.kind}`, value, path)];
  }
}

function mismatch(expected: string, value: unknown, path: string): Problem {
  return { path, reason: `expected ${expected}, got ${JSON.stringify(value)}` };
}
