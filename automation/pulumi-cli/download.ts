import { join } from "node:path";
import semver from "semver";
import { home } from "./folders.ts";
import { inspectPulumi, type PulumiCli } from "./inspect.ts";
import type { SourceOptions } from "./source.ts";

const installer = "https://get.pulumi.com/install.sh";

/**
 * Pulumi's own download of the CLI that matches the SDK, as the Automation API does it, into `~/.pulumi/versions/<version>`.
 *
 * @throws Error within a few seconds where Pulumi's site is out of reach.
 */
export async function downloadPulumi({ env, signal, onProgress }: SourceOptions): Promise<PulumiCli> {
  onProgress("Downloading the Pulumi CLI from get.pulumi.com");
  await assertReachable(signal);
  const { automation } = await import("@pulumi/pulumi");
  const { version } = await import("@pulumi/pulumi/version.js");
  const root = join(home(env), ".pulumi", "versions", semver.clean(version)!);
  await automation.PulumiCommand.install({ root });
  signal?.throwIfAborted();
  return inspectPulumi(join(root, "bin", "pulumi"), env);
}

async function assertReachable(signal?: AbortSignal): Promise<void> {
  const limit = AbortSignal.timeout(8_000);
  try {
    const answer = await fetch(installer, {
      method: "HEAD",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    if (!answer.ok) throw new Error(`${installer} answers ${answer.status} ${answer.statusText}`);
  } catch (error) {
    signal?.throwIfAborted();
    const { message, cause } = error as Error & { cause?: { message?: string; code?: string } };
    throw new Error(limit.aborted ? `${installer} doesn't answer` : (cause?.code ?? cause?.message ?? message), {
      cause: error,
    });
  }
}
