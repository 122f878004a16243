/** One line of a .dockerignore. */
interface Rule {
  readonly text: string;
  readonly pattern: RegExp;
  /** `!`: takes back what an earlier line ignored. */
  readonly taken: boolean;
}

/**
 * What a .dockerignore leaves of a build context, by the rules of Docker's builder: the last line that matches a path or a
 * folder above it decides (github.com/moby/patternmatcher).
 */
export class DockerIgnore {
  readonly #rules: readonly Rule[];

  /** @param text Content of the file. */
  constructor(text: string) {
    this.#rules = text
      .split(/\r?\n/)
      .filter((line) => !line.startsWith("#"))
      .map((line) => line.trim())
      .filter((line) => line !== "" && line !== "!")
      .map(parseRule);
  }

  /** @param path Of a file or folder, relative to the context, with `/`. */
  ignores(path: string): boolean {
    const steps = path.split("/");
    const paths = steps.map((_, index) => steps.slice(0, index + 1).join("/"));
    const last = this.#rules.findLast(({ pattern }) => paths.some((part) => pattern.test(part)));
    return last !== undefined && !last.taken;
  }

  /** Whether a line may take back something below an ignored folder. */
  looksInto(folder: string): boolean {
    return this.#rules.some(({ text, taken }) => taken && `${text}/`.startsWith(`${folder}/`));
  }
}

function parseRule(line: string): Rule {
  const taken = line.startsWith("!");
  const text = (taken ? line.slice(1).trim() : line).replace(/^(\.?\/)+|\/+$/g, "");
  return { text, taken, pattern: toPattern(text) };
}

function toPattern(text: string): RegExp {
  const source = text.replaceAll(/\*\*\/|\*\*$|\*\*|\*|\?|\\.|[.$^+(){}|]/g, (token) => {
    if (token === "**/") return "(.*/)?";
    if (token.startsWith("**")) return ".*";
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    return token.startsWith("\\") ? token : `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}
