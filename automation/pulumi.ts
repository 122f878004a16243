import { spawn } from "node:child_process";
import { constants } from "node:os";
import { openChannel } from "./channel.ts";
import { statusLine } from "./cli/status-line.ts";
import { localStateWarning } from "./local-state.ts";
import { readStackOption } from "./pulumi-arguments.ts";
import { run } from "./pulumi-cli/run.ts";
import { assertSealed } from "./sealed-secrets.ts";
import { withoutNewSalts } from "./stack-config.ts";
import { isToBeCreated } from "./stack-exists.ts";
import { removeStaleLocks } from "./stale-locks.ts";
import { prepareWorkspace, thisProject, type Workspace } from "./workspace.ts";

// npm run pulumi -- …: the Pulumi CLI with the settings and the state of npm run deploy.

const args = process.argv.slice(2);
try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { stack, needed, runsProgram } = readStackOption(args);
  const status = statusLine(process.stderr);
  const onProgress = (doing: string) => status.show(doing);
  const options = { project: thisProject, stack: stack ?? "dev", env: process.env, onProgress };
  const workspace = await prepareWorkspace(options).finally(() => status.clear());
  const { env } = workspace;
  return withoutNewSalts(thisProject, async () => {
    const selected = stack === undefined && needed ? await selectedStack(workspace) : undefined;
    const wanted = stack ?? (needed && selected === undefined ? "dev" : undefined);
    if (runsProgram) await checkState(workspace, wanted ?? selected!);
    if (wanted !== undefined && needed) await prepareStack(workspace, wanted);
    return passThrough(workspace, {
      ...env,
      ...(stack === undefined && wanted !== undefined && { PULUMI_STACK: wanted }),
    });
  });
}

/** @throws Error where the stack's secrets aren't sealed. */
async function checkState(workspace: Workspace, stack: string): Promise<void> {
  await assertSealed(workspace, stack);
  const message = localStateWarning(workspace, stack);
  if (message) process.stderr.write(`warning: ${message}\n`);
}

/** The stack that Pulumi itself takes where no argument names one; undefined where none is selected. */
async function selectedStack({ cli, env, project }: Workspace): Promise<string | undefined> {
  if (env.PULUMI_STACK) return env.PULUMI_STACK;
  const name = await run(cli.file, ["stack", "--show-name"], { cwd: project, env }).catch(() => "");
  return name.trim() || undefined;
}

async function prepareStack(workspace: Workspace, stack: string): Promise<void> {
  const { backend, cli, env, project, projectName } = workspace;
  if (isToBeCreated(workspace, stack))
    await run(cli.file, ["stack", "init", stack, "--no-select"], { cwd: project, env });
  else if (backend.folder && args[0] !== "cancel")
    await removeStaleLocks(backend.folder, projectName, stack).catch(() => {});
}

/** Runs the CLI on this terminal, and hands on its exit code and the signals to it. */
async function passThrough({ cli, project }: Workspace, env: Workspace["env"]): Promise<number> {
  // A terminal signals the whole process group: the CLI is in it, and must not get each signal twice.
  const onTerminal = process.stdin.isTTY === true;
  const channel = await openChannel();
  const child = spawn(cli.file, args, {
    cwd: project,
    env: { ...env, ...channel.env },
    stdio: "inherit",
    detached: !onTerminal,
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      channel.cancel();
      if (!onTerminal || signal !== "SIGINT") child.kill(signal);
    });
  }
  return new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  }).finally(() => channel.close());
}
