import { readFile } from "node:fs/promises";
import { join } from "node:path";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import type { ServiceDocument } from "./service-document.ts";

const folder = join(import.meta.dirname, "typescript");

/** The files of a TypeScript client, by path: the client as it is, over types made from the document. */
export async function typescriptClient(document: ServiceDocument, header: string): Promise<Map<string, string>> {
  const types = await openapiTS(document as unknown as OpenAPI3, { defaultNonNullable: false });
  return new Map([
    ["client.ts", await readFile(join(folder, "client.ts"), "utf8")],
    ["schema.ts", `// ${header}\n\n${astToString(types)}`],
  ]);
}
