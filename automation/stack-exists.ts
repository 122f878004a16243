import { existsSync } from "node:fs";
import { stackFile } from "./backend.ts";
import { configFile, configuredStacks } from "./stack-config.ts";
import type { Workspace } from "./workspace.ts";

/** Whether a stack is one that the project's own backend lacks and its config file describes: then it is made when first used. */
export function isToBeCreated({ backend, project, projectName }: Workspace, stack: string): boolean {
  if (!backend.folder || existsSync(stackFile(backend.folder, projectName, stack))) return false;
  return existsSync(configFile(project, stack));
}

/** @throws Error when a stack neither has a config file nor exists in the project's own backend. */
export function assertKnown({ backend, project, projectName }: Workspace, stack: string): void {
  const exists = backend.folder ? existsSync(stackFile(backend.folder, projectName, stack)) : true;
  if (exists || existsSync(configFile(project, stack))) return;
  const known = configuredStacks(project).join(", ") || "none";
  throw new Error(
    `no stack ${stack}: there is no Pulumi.${stack}.yaml. Stacks with a config file: ${known}. Make one with: npm run pulumi -- stack init ${stack}`,
  );
}
