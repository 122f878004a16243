import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pythonSchema } from "./python-schema.ts";
import type { ServiceDocument } from "./service-document.ts";

const name = "ml_inference_client";
const folder = join(import.meta.dirname, "python", name);

/** The files of a Python package, by path: the client as it is, over types made from the document. */
export async function pythonClient(document: ServiceDocument, header: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const file of await readdir(folder))
    if (/\.(py|typed)$/.test(file)) files.set(join(name, file), await readFile(join(folder, file), "utf8"));
  return files.set(join(name, "schema.py"), pythonSchema(document, header));
}
