import { existsSync } from "node:fs";
import { automation } from "@pulumi/pulumi";
import { describeWayBack } from "../components/way-back.ts";
import { type Channel, openChannel } from "./channel.ts";
import { DeployError } from "./deploy-error.ts";
import { assertCompatible, type DeployOptions, excludedUrns, skippedSteps, skipVariables } from "./deploy-options.ts";
import { type DeployResult, makeResult } from "./deploy-result.ts";
import { engineCommand, PulumiCommandError } from "./engine-command.ts";
import { EngineListener, type EngineRecord, plain } from "./engine-events.ts";
import { findKept } from "./kept-resources.ts";
import { localStateWarning } from "./local-state.ts";
import { hasPendingCreates } from "./pending-operations.ts";
import { assertSealed } from "./sealed-secrets.ts";
import { configFile, withoutNewSalts } from "./stack-config.ts";
import { assertKnown, isToBeCreated } from "./stack-exists.ts";
import { removeStaleLocks } from "./stale-locks.ts";
import { prepareWorkspace, thisProject, type Workspace } from "./workspace.ts";

export { DeployError } from "./deploy-error.ts";
export type { DeployEvent, ResourceChange } from "./deploy-event.ts";
export type { DeployOptions } from "./deploy-options.ts";
export type { DeployedModel, DeployResult } from "./deploy-result.ts";
export type { KeptResource } from "./kept-resources.ts";

/**
 * Brings a stack to what its config says, over Pulumi's Automation API: refreshes it, trains, registers, serves and proves the
 * model. It leaves the stack's config file as it is, and what an earlier, killed run has left behind doesn't stop it.
 *
 * @throws DeployError with the reasons, when the deployment fails or is cancelled.
 * @throws TypeError when options contradict each other.
 */
export async function deploy(options: DeployOptions = {}): Promise<DeployResult> {
  assertCompatible(options);
  const { stack = "dev", project = thisProject, env = process.env, signal, onEvent = () => {} } = options;
  const listener = new EngineListener(onEvent);
  let channel: Channel | undefined;
  const cancel = () => channel?.cancel();
  try {
    signal?.throwIfAborted();
    const onProgress = (message: string) => onEvent({ type: "phase", message });
    const workspace = await prepareWorkspace({ project, stack, env, signal, onProgress });
    assertKnown(workspace, stack);
    if (!options.destroy) await assertSealed(workspace, stack);
    const message = localStateWarning(workspace, stack);
    if (message) onEvent({ type: "message", severity: "warning", message });
    channel = await openChannel((message) => {
      if ("report" in message) listener.record.report = message.report;
      else onEvent({ type: "progress", ...message });
    });
    signal?.addEventListener("abort", cancel);
    const ready = {
      ...workspace,
      env: { ...workspace.env, ...channel.env, ...skipVariables(options) },
    };
    return await withoutNewSalts(project, () => operate(ready, stack, options, listener));
  } catch (error) {
    throw toDeployError(error, listener.record, options);
  } finally {
    signal?.removeEventListener("abort", cancel);
    await channel?.close();
  }
}

async function operate(
  workspace: Workspace,
  name: string,
  options: DeployOptions,
  listener: EngineListener,
): Promise<DeployResult> {
  const { backend, project, projectName, cli, env } = workspace;
  const { preview, destroy, signal, terminate, onEvent = () => {} } = options;
  const operation = destroy ? "destroy" : preview ? "preview" : "up";
  const create = isToBeCreated(workspace, name);
  if (create && destroy) return makeResult(name, operation, listener.record);
  if (backend.folder) await removeStaleLocks(backend.folder, projectName, name);

  const pulumiCommand = engineCommand(cli, { env, terminate });
  const local = await automation.LocalWorkspace.create({ workDir: project, pulumiCommand });
  const stack = create ? await automation.Stack.create(name, local) : await selectOrCreate(name, local, project);
  const common = { onEvent: listener.listen, color: "never" as const, ...(signal && { signal }) };
  if (backend.folder && (await hasPendingCreates(backend.folder, projectName, name))) {
    onEvent({ type: "phase", message: "Clearing what an interrupted run was about to create" });
    await stack.refresh({ clearPendingCreates: true, ...common, onEvent: () => {} });
  }
  signal?.throwIfAborted();
  const exclude = excludedUrns(options);
  const update = { ...common, refresh: true, ...(exclude.length > 0 && { exclude }) };
  onEvent({
    type: "phase",
    message: `${{ up: "Deploying", preview: "Previewing", destroy: "Destroying" }[operation]} ${name}`,
  });
  if (operation === "up") await stack.up(update);
  else if (operation === "preview") await stack.preview(update);
  // What is protected stays, as the images of a stack: otherwise it would keep all the rest from going.
  else await stack.destroy({ ...common, excludeProtected: true });
  const kept = operation === "destroy" ? await findKept(stack) : [];
  return makeResult(name, operation, listener.record, { skipped: skippedSteps(options), kept });
}

/** The stack; on a backend of the user's own it is made when it is missing and the project describes it. */
async function selectOrCreate(name: string, local: automation.LocalWorkspace, project: string) {
  try {
    return await automation.Stack.select(name, local);
  } catch (error) {
    if (!/no stack named/.test((error as Error).message) || !existsSync(configFile(project, name))) throw error;
    return automation.Stack.create(name, local);
  }
}

function toDeployError(error: unknown, record: EngineRecord, { preview, signal }: DeployOptions): Error {
  const { errors, rolloutFailed, report } = record;
  if (error instanceof DeployError) return error;
  if (signal?.aborted)
    return new DeployError(["the deployment was cancelled: run it again to go on"], { cancelled: true, cause: error });
  if (errors.length > 0) {
    const wayBack = rolloutFailed && !preview && report?.wayBack ? [describeWayBack(report.wayBack)] : [];
    return new DeployError([...errors, ...wayBack], { cause: error });
  }
  if (!(error instanceof PulumiCommandError)) return new DeployError([(error as Error).message], { cause: error });
  const lines = plain(error.message)
    .split("\n")
    .map((line) => line.replace(/^error: /, ""));
  return new DeployError(
    lines.filter((line) => line !== ""),
    { cause: error },
  );
}
