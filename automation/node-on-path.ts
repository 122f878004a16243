import { findExecutable, pathFolders } from "./pulumi-cli/executable.ts";
import { run } from "./pulumi-cli/run.ts";

const oldest = 24;

/**
 * Checks the Node.js that Pulumi is going to run the program and its providers with.
 *
 * @throws Error when it's older than 24, or there is none.
 */
export async function assertNode(path: string): Promise<void> {
  const node = findExecutable("node", pathFolders(path));
  if (!node)
    throw new Error(`no node on PATH, and Pulumi runs the program with it: run npm ci, or install Node.js ${oldest}`);
  const version = (await run(node, ["--version"], { env: { PATH: path } })).trim();
  if (Number.parseInt(version.slice(1), 10) >= oldest) return;
  throw new Error(
    `Node.js ${oldest} or newer is needed, and ${node} is ${version}: npm ci installs one into node_modules/.bin`,
  );
}
