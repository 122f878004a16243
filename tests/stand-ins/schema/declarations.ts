import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** What a value may be, as far as the SDK's declarations say it. */
export type Shape =
  | { readonly kind: "any" | "string" | "number" | "boolean" }
  | { readonly kind: "list" | "map"; readonly of: Shape }
  | { readonly kind: "union"; readonly of: readonly Shape[] }
  /** An interface by its qualified name, as `ecr.RepositoryEncryptionConfiguration`. */
  | { readonly kind: "object"; readonly name: string };

export interface Member {
  readonly name: string;
  readonly required: boolean;
  readonly shape: Shape;
}

const modules = join(import.meta.dirname, "..", "..", "..", "node_modules", "@pulumi");

/** Reads what the installed SDK of a Pulumi package declares of its resources' and functions' arguments. */
export class Declarations {
  readonly #folder: string;
  readonly #inputs: string;
  readonly #objects = new Map<string, readonly Member[] | undefined>();

  constructor(packageName: string) {
    this.#folder = join(modules, packageName);
    this.#inputs = readFileSync(join(this.#folder, "types", "input.d.ts"), "utf8");
  }

  /** Members of the interface `name` in a file, as `RepositoryArgs` in `ecr/repository`. Undefined where there is none. */
  interface(file: string, name: string): readonly Member[] | undefined {
    return members(this.#read(file), name);
  }

  /** Outputs that the resource class of a file always has. */
  outputs(file: string): readonly string[] {
    const [, ...declared] = this.#read(file).split(/^ {4}readonly (?=\w+: pulumi\.Output<)/m);
    return declared
      .map((text) => ({ name: /^\w+/.exec(text)![0], type: text.slice(0, text.search(/^ {4}[^ }]/m)) }))
      .filter(({ type }) => !type.includes("undefined"))
      .map(({ name }) => name);
  }

  #read(file: string): string {
    try {
      return readFileSync(join(this.#folder, `${file}.d.ts`), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
      throw error;
    }
  }

  /** Members of a nested type of types/input.d.ts. */
  object(qualified: string): readonly Member[] | undefined {
    if (!this.#objects.has(qualified)) {
      const [name, ...namespaces] = qualified.split(".").reverse();
      this.#objects.set(qualified, members(namespaces.reduceRight(namespaceOf, this.#inputs), name!));
    }
    return this.#objects.get(qualified);
  }
}

/** The text of one namespace, since parsing all of a large file takes seconds. */
function namespaceOf(text: string, name: string): string {
  const from = text.search(new RegExp(`^ *export (declare )?namespace ${name} \\{$`, "m"));
  if (from < 0) return "";
  const indent = /^ */.exec(text.slice(from))![0];
  const to = text.indexOf(`\n${indent}}`, from);
  return text.slice(text.indexOf("\n", from), to);
}

function members(text: string, name: string): readonly Member[] | undefined {
  const match = new RegExp(`^ *(export )?interface ${name} \\{[^]*?^ *\\}$`, "m").exec(text);
  const from = match?.index ?? -1;
  if (from < 0) return undefined;
  const indent = /^ */.exec(text.slice(from))![0];
  const source = ts.createSourceFile(
    "input.d.ts",
    text.slice(from, text.indexOf(`\n${indent}}`, from) + indent.length + 2),
    ts.ScriptTarget.Latest,
  );
  const declared = source.statements.find(ts.isInterfaceDeclaration);
  return declared?.members.filter(ts.isPropertySignature).map((member) => ({
    name: (member.name as ts.Identifier).text,
    required: member.questionToken === undefined,
    shape: shapeOf(member.type!, source),
  }));
}

function shapeOf(type: ts.TypeNode, source: ts.SourceFile): Shape {
  if (ts.isArrayTypeNode(type)) return { kind: "list", of: shapeOf(type.elementType, source) };
  if (ts.isParenthesizedTypeNode(type)) return shapeOf(type.type, source);
  if (ts.isUnionTypeNode(type)) {
    const known = type.types.filter((one) => one.kind !== ts.SyntaxKind.UndefinedKeyword);
    return known.length === 1
      ? shapeOf(known[0]!, source)
      : { kind: "union", of: known.map((one) => shapeOf(one, source)) };
  }
  if (ts.isTypeLiteralNode(type)) {
    const index = type.members.find(ts.isIndexSignatureDeclaration);
    return index ? { kind: "map", of: shapeOf(index.type, source) } : { kind: "any" };
  }
  if (ts.isTypeReferenceNode(type)) {
    const name = type.typeName.getText(source);
    if (name === "pulumi.Input") return shapeOf(type.typeArguments![0]!, source);
    return name.startsWith("inputs.") ? { kind: "object", name: name.slice("inputs.".length) } : { kind: "any" };
  }
  const keywords: Partial<Record<ts.SyntaxKind, Shape>> = {
    [ts.SyntaxKind.StringKeyword]: { kind: "string" },
    [ts.SyntaxKind.NumberKeyword]: { kind: "number" },
    [ts.SyntaxKind.BooleanKeyword]: { kind: "boolean" },
  };
  return keywords[type.kind] ?? { kind: "any" };
}
