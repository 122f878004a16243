import { createHash, type Hash } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/**
 * Digest of a build context as @pulumi/docker forms its `contextDigest`: of the Dockerfile and of each file's path, mode and
 * content, but for what the ignore file leaves out. Source: hashContext of pulumi-docker, provider.go
 */
export async function contextDigest(context: string, dockerfile: string): Promise<string> {
  const ignored = await ignorePatterns(context, dockerfile);
  const hash = createHash("sha256").update(await readFile(dockerfile));
  await addFolder(hash, context, "", ignored);
  return hash.digest("hex");
}

interface Pattern {
  readonly glob: string;
  readonly matches: RegExp;
  /** An exception, as `!inference`. */
  readonly included: boolean;
}

async function ignorePatterns(context: string, dockerfile: string): Promise<Pattern[]> {
  const read = (file: string) => readFile(file, "utf8").catch(() => undefined);
  const text = (await read(`${dockerfile}.dockerignore`)) ?? (await read(join(context, ".dockerignore"))) ?? "";
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ included: line.startsWith("!"), glob: line.replace(/^!/, "").replace(/^\.?\/|\/$/g, "") }))
    .map((pattern) => ({ ...pattern, matches: globExpression(pattern.glob) }));
}

/** Of a pattern in an ignore file, whose `*` matches names with a leading dot too. */
function globExpression(glob: string): RegExp {
  const tokens: readonly [RegExp, string][] = [
    [/^\*\*\//, "(?:.*/)?"],
    [/^\*\*/, ".*"],
    [/^\*/, "[^/]*"],
    [/^\?/, "[^/]"],
    [/^\[[^\]]+\]/, "$&"],
    [/^./s, "\\$&"],
  ];
  let [rest, expression] = [glob, ""];
  while (rest !== "") {
    const [token, text] = tokens.find(([candidate]) => candidate.test(rest))!;
    const [found] = token.exec(rest)!;
    expression += /^\w$/.test(found) ? found : text.replace("$&", found);
    rest = rest.slice(found.length);
  }
  return new RegExp(`^${expression}$`);
}

async function addFolder(hash: Hash, root: string, folder: string, patterns: readonly Pattern[]): Promise<void> {
  const names = await readdir(join(root, folder));
  for (const name of names.sort()) {
    const path = folder === "" ? name : `${folder}/${name}`;
    const stats = await lstat(join(root, path));
    const ignored = isIgnored(path, patterns);
    if (stats.isDirectory()) {
      if (!ignored || mayHoldIncluded(path, patterns)) await addFolder(hash, root, path, patterns);
    } else if (!ignored) {
      const content = stats.isSymbolicLink() ? await readlink(join(root, path)) : await readFile(join(root, path));
      hash.update(`\0${path}\0${stats.mode}\0`).update(content);
    }
  }
}

/** The last pattern that matches the path, or a folder that it lies in, decides. */
function isIgnored(path: string, patterns: readonly Pattern[]): boolean {
  const parts = path.split("/");
  const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  const last = patterns.findLast(({ matches }) => prefixes.some((prefix) => matches.test(prefix)));
  return last !== undefined && !last.included;
}

function mayHoldIncluded(folder: string, patterns: readonly Pattern[]): boolean {
  return patterns.some(({ included, glob }) => included && (glob.startsWith(`${folder}/`) || glob.startsWith("*")));
}
