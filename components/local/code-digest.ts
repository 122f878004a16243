import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * SHA-256, hex, of the code that a local server runs: the sources of `inference/` and `mlflow/` and the lockfile.
 * A change of it is a new instance; `*.test.ts` files, texts and the rest of the project don't count.
 *
 * @param project The project's folder.
 */
export function codeDigest(project: string): string {
  const sources = ["inference", "mlflow"].flatMap((folder) =>
    readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /(?<!\.test)\.(ts|json)$/.test(file))
      .map((file) => `${folder}/${file.replaceAll("\\", "/")}`),
  );
  const hash = createHash("sha256");
  for (const file of [...sources.sort(), "package-lock.json"]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(project, file)))
      .update("\0");
  }
  return hash.digest("hex");
}
