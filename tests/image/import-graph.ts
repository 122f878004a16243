import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";

/** What entry points import, directly or not. */
export interface ImportGraph {
  /** Paths relative to the project, sorted. */
  readonly files: readonly string[];
  /** Names of packages, sorted. */
  readonly packages: readonly string[];
}

/**
 * Follows imports, `import("…")` of a literal among them, from entry points.
 *
 * @param project Folder that the entry points are relative to.
 * @param types Whether imports of types count too.
 */
export function importGraph(project: string, entryPoints: readonly string[], types: boolean): ImportGraph {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    for (const specifier of importsOf(readFileSync(join(project, file), "utf8"), types))
      if (specifier.startsWith(".")) visit(normalize(join(dirname(file), specifier)));
      else if (!isBuiltin(specifier)) packages.add(/^(@[^/]+\/)?[^/]+/.exec(specifier)![0]);
  };
  for (const file of entryPoints) visit(normalize(file));
  return { files: [...files].sort(), packages: [...packages].sort() };
}

function importsOf(source: string, types: boolean): string[] {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext, verbatimModuleSyntax: true };
  const text = types ? source : ts.transpileModule(source, { compilerOptions }).outputText;
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}
