import { getOrganization, getProject, getStack, RunError, runtime } from "@pulumi/pulumi";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";

/** A resource as the stack's last checkpoint has it. */
export interface RecordedResource {
  readonly urn: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

type RecordedResources = Readonly<Record<string, Omit<RecordedResource, "urn"> & { readonly type: string }>>;

/** What the stack is made of, by its last checkpoint: before this run changes anything. */
export class StackState {
  readonly #resources: readonly (RecordedResource & { readonly type: string })[];

  /** @param resources By URN, as the engine tells them. */
  constructor(resources: RecordedResources = {}) {
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
 * Secrets come as plain values: let none of them into an input. References to resources come as their ids: Pulumi's own
 * `invoke` would turn them into resources, which don't exist in the engine before the program registers them.
 *
 * @throws RunError where the engine can't read it.
 */
export async function readStackState(): Promise<StackState> {
  const request = new messages.ResourceInvokeRequest();
  request.setTok("pulumi:pulumi:readStackResourceOutputs");
  request.setArgs(structs.Struct.fromJavaScript({ stackName: `${getOrganization()}/${getProject()}/${getStack()}` }));
  request.setAcceptresources(false);
  const answer = await new Promise<messages.ResourceInvokeResponse>((resolve, reject) => {
    runtime.getMonitor()!.invoke(request, (error, response) => (error ? reject(error) : resolve(response)));
  }).catch((cause) => {
    throw new RunError(`the stack's own state can't be read: ${(cause as Error).message}`, { cause });
  });
  const { outputs } = withoutSecrets(answer.getReturn()?.toJavaScript()) as { outputs: RecordedResources };
  return new StackState(outputs);
}

/** Marks a secret in what the engine sends (`secretSig` of pulumi's `sdk/go/common/resource/sig`). */
const signature = { key: "4dabf18193072939515e22adb298388d", secret: "1b47061264138c4ac30d75fd1eb44270" };

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (signature.key in value && value[signature.key as keyof typeof value] === signature.secret) {
    return withoutSecrets((value as { value?: unknown }).value);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}
