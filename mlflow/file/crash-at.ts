import { createRequire, syncBuiltinESMExports } from "node:module";

// The CommonJS face of the module is the one whose members can be replaced.
const fs = createRequire(import.meta.url)("node:fs/promises") as Record<string, (...args: never[]) => Promise<unknown>>;

const changing = ["mkdir", "writeFile", "rename", "rm"] as const;

/**
 * Runs an operation as a process that is killed before its `count`-th change of the file system would: that change and
 * all after it never happen. A file that is being written then is left half written.
 *
 * @returns "crashed", or the operation's result where it makes fewer changes.
 */
export async function crashAt<T>(count: number, operation: () => Promise<T>): Promise<"crashed" | T> {
  const originals = changing.map((name) => [name, fs[name]!] as const);
  const writeFile = fs.writeFile!;
  let changes = 0;
  const crashed = new Promise<"crashed">((resolve) => {
    for (const [name, original] of originals)
      fs[name] = async (...args) => {
        if (++changes < count) return original(...args);
        if (changes === count && name === "writeFile") {
          const [file, content] = args as unknown as [string, Uint8Array | string];
          await writeFile(...([file, content.slice(0, content.length / 2)] as never[]));
        }
        resolve("crashed");
        return new Promise(() => {});
      };
  });
  syncBuiltinESMExports();
  try {
    return await Promise.race([crashed, operation()]);
  } finally {
    for (const [name, original] of originals) fs[name] = original;
    syncBuiltinESMExports();
  }
}
