import type { ChangeKind, CheckFailure, CheckRequest, Difference } from "./rpc/provider.ts";
import { type Properties, plain, plainProperties } from "./rpc/values.ts";
import { problems } from "./schema/check.ts";
import type { Declarations } from "./schema/declarations.ts";

/** What is wrong with a resource's inputs by the SDK's declaration of its type. @throws Error for an unknown type */
export function declaredFailures(
  declared: Declarations,
  { type, news }: Pick<CheckRequest, "type" | "news">,
): CheckFailure[] {
  const members = declared.interface(fileOf(type), `${type.split(":").at(-1)}Args`);
  if (!members) throw new Error(`${type} isn't declared by the installed SDK`);
  return failures(problems(declared, members, news));
}

/** The SDK's file of a type or function token: `ecr/repository` of `aws:ecr/repository:Repository`. */
export function fileOf(token: string): string {
  return token.split(":")[1]!.replace(/^index\//, "");
}

export function failures(found: readonly { path: string; reason: string }[]): CheckFailure[] {
  return found.map(({ path, reason }) => ({ property: path, reason: `${path} ${reason}` }));
}

/** A difference by whole inputs, as Terraform's providers tell it. A value that isn't known yet differs. */
export function inputDifference(olds: Properties, news: Properties, replaceOn: readonly string[]): Difference {
  const [before, after] = [plainProperties(olds), plainProperties(news)];
  const changes = new Map<string, ChangeKind>();
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (canonical(before[key]) === canonical(after[key])) continue;
    const kind = before[key] === undefined ? "add" : after[key] === undefined ? "delete" : "update";
    changes.set(key, replaceOn.includes(key) ? `${kind}-replace` : kind);
  }
  return { changes };
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(plain(value), (_, member) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
