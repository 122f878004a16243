import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs a docker command, and returns what it printed, without the last line break. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await run("docker", args, { maxBuffer: 2 ** 26 });
  return stdout.trimEnd();
}

/** What an image or container is, by a template of Go's. */
export async function inspect<T>(id: string, template: string): Promise<T> {
  return JSON.parse(await docker("inspect", id, "--format", `{{json ${template}}}`)) as T;
}

/**
 * Builds the service's image.
 *
 * DOCKER_BUILD_NETWORK is the network that the build installs packages over, docker's own where it isn't set.
 *
 * @param context The build's context, a copy of the project.
 * @returns The image's id.
 */
export function build(context: string, ...options: readonly string[]): Promise<string> {
  const { DOCKER_BUILD_NETWORK: network } = process.env;
  const given = [...(network ? [`--network=${network}`] : []), ...options];
  return docker("build", "--quiet", "--file", `${context}/inference/Dockerfile`, ...given, context);
}

/** A container that runs the service as a cluster does: nothing to write but /tmp, no rights, a free port of this machine. */
export interface ServiceContainer {
  readonly id: string;
  /** Base address of the service. */
  endpoint(): Promise<string>;
  /** Resolves with the first line of its log that says `msg`; rejects when it ended without. */
  logged(msg: string): Promise<Readonly<Record<string, unknown>>>;
  /** Resolves with its exit status once it has ended. */
  ended(): Promise<number>;
}

/** @param command In place of the image's own. */
export async function runService(
  image: string,
  env: Record<string, string>,
  ...command: readonly string[]
): Promise<ServiceContainer> {
  const variables = Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  const locked = ["--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges"];
  const id = await docker("run", "--detach", "--publish=127.0.0.1::8080", ...locked, ...variables, image, ...command);
  return {
    id,
    endpoint: async () => `http://${await docker("port", id, "8080/tcp")}`,
    async logged(msg) {
      for (;;) {
        const running = await inspect<boolean>(id, ".State.Running");
        const log = await docker("logs", id);
        const line = log.split("\n").find((line) => line.includes(`"msg":${JSON.stringify(msg)}`));
        if (line) return JSON.parse(line);
        if (!running) throw new Error(`the container ended without "${msg}":\n${log}`);
      }
    },
    ended: async () => Number(await docker("wait", id)),
  };
}
