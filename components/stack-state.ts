import { getOrganization, getProject, getStack, runtime } from "@pulumi/pulumi";

/** A resource as the stack's last checkpoint has it. */
export interface RecordedResource {
  readonly urn: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What the stack is made of, by its last checkpoint: before this run changes anything. */
export class StackState {
  readonly #resources: readonly (RecordedResource & { readonly type: string })[];

  /** @param resources By URN, as the engine tells them. */
  constructor(resources: Readonly<Record<string, Omit<RecordedResource, "urn"> & { readonly type: string }>> = {}) {
    this.#resources = Object.entries(resources).map(([urn, { type, outputs }]) => ({ urn, type, outputs }));
  }

  /**
   * @param type As `pipeline:image:Image`.
   * @param name Of the resource in the program; absent takes any.
   * @returns The last one recorded, or undefined where the stack has none.
   */
  find(type: string, name?: string): RecordedResource | undefined {
    const found = this.#resources.findLast(
      (resource) => resource.type === type && (name === undefined || resource.urn.endsWith(`::${name}`)),
    );
    return found && { urn: found.urn, outputs: found.outputs };
  }
}

/**
 * Reads the running stack's own checkpoint, so that the program knows what the stack has before it registers any resource.
 * It is read through the engine (`readStackResourceOutputs` of pulumi's `pkg/resource/deploy/builtins.go`), whatever the
 * backend.
 *
 * Secrets come as plain values: let none of them into an input.
 */
export async function readStackState(): Promise<StackState> {
  const stackName = `${getOrganization()}/${getProject()}/${getStack()}`;
  const { outputs } = await runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName }, {});
  return new StackState(outputs);
}
