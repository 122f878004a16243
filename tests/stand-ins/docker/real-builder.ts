import { spawn } from "node:child_process";
import { type Builder, imageParts } from "./image-build.ts";

/** How {@link realBuilder} calls Docker. */
export interface RealBuilderOptions {
  /** Environment of the docker command: DOCKER_HOST, DOCKER_CONFIG, PATH. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Network of RUN steps, where the program sets none. `host` where containers have no other way out. */
  readonly network?: string | undefined;
  /** Logs in with the registry's credentials. A plain registry, which knows no user, refuses them. @default false */
  readonly login?: boolean | undefined;
}

/** Builds and pushes by the docker command. */
export function realBuilder({ env, network, login = false }: RealBuilderOptions): Builder {
  const docker = (...args: readonly string[]) => run("docker", args, env);
  return async (build) => {
    const { imageName, context, dockerfile, platform, target, args, skipPush, registry } = build;
    const { repository } = imageParts(imageName);
    if (login && registry.username !== undefined) {
      const server = registry.server ?? repository.slice(0, repository.indexOf("/"));
      await run(
        "docker",
        ["login", "--username", registry.username, "--password-stdin", server.split("/")[0]!],
        env,
        registry.password,
      );
    }
    const wanted = build.network ?? network;
    await docker(
      "build",
      ...["--file", dockerfile, "--tag", imageName, "--platform", platform],
      ...(target === undefined ? [] : ["--target", target]),
      ...(wanted === undefined ? [] : [`--network=${wanted}`]),
      ...Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
      context,
    );
    if (skipPush) return { digest: (await docker("image", "inspect", "--format", "{{.Id}}", imageName)).trim() };
    await docker("push", imageName);
    const digests = JSON.parse(
      await docker("image", "inspect", "--format", "{{json .RepoDigests}}", imageName),
    ) as string[];
    const digest = digests.find((found) => found.startsWith(`${repository}@`));
    if (!digest) throw new Error(`docker push ${imageName} gave no digest of ${repository}: got ${digests.join(", ")}`);
    return { digest: digest.slice(repository.length + 1) };
  };
}

async function run(
  command: string,
  args: readonly string[],
  env: RealBuilderOptions["env"],
  input = "",
): Promise<string> {
  const child = spawn(command, args, { env: env as NodeJS.ProcessEnv, stdio: ["pipe", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve, reject) =>
    child.once("error", reject).once("close", resolve),
  );
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}:\n${stderr.slice(-4000)}`);
  return stdout;
}
