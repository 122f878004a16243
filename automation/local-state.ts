import { stackTarget } from "./stack-config.ts";
import type { Workspace } from "./workspace.ts";

/**
 * What there is to say of a stack that serves on a cluster while its state lies on this machine alone: elsewhere, a run would
 * start from nothing over what is there.
 *
 * @returns undefined where its state lies elsewhere, or where it serves on this machine too.
 */
export function localStateWarning({ backend, project }: Workspace, stack: string): string | undefined {
  if (backend.folder === undefined || stackTarget(project, stack) !== "eks") return undefined;
  return (
    `the state of stack ${stack} lies on this machine alone, in ${backend.folder}: another machine doesn't know what is ` +
    "deployed. Set PULUMI_BACKEND_URL to a backend that the team shares, or log in to one: npm run pulumi -- login"
  );
}
