import { type Properties, plainProperties } from "./rpc/values.ts";

export type Method = "check" | "diff" | "create" | "read" | "update" | "delete" | "invoke" | "construct";

/** One request of the engine to a stand-in. */
export interface Call {
  readonly method: Method;
  /** Type of the resource, or token of the function. */
  readonly type: string;
  /** Name of the resource in the program. Empty for an invoke. */
  readonly name: string;
  readonly urn: string;
  readonly preview: boolean;
  /** Inputs or arguments without the wrapping of secrets. */
  readonly inputs: Properties;
}

/** A resource as the program last registered it, in a preview or an update. */
export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** As checked; secrets are plain, unknown values are UNKNOWN of rpc/values.ts. */
  readonly inputs: Properties;
  /** The same with secrets wrapped, as they came over the wire. */
  readonly wire: Properties;
}

/** All that the engine asked of the stand-ins, in order. */
export class CallLog {
  readonly #calls: Call[] = [];
  readonly #registered = new Map<string, Registered>();

  add(call: Call): void {
    this.#calls.push({ ...call, inputs: plainProperties(call.inputs) });
  }

  register(resource: Omit<Registered, "inputs">): void {
    this.#registered.set(resource.urn, { ...resource, inputs: plainProperties(resource.wire) });
  }

  /** Calls that agree with all members of `like`. */
  calls(like: Partial<Pick<Call, "method" | "type" | "name" | "preview">> = {}): Call[] {
    const wanted = Object.entries(like);
    return this.#calls.filter((call) => wanted.every(([key, value]) => call[key as keyof Call] === value));
  }

  /** Creates, updates and deletes that weren't previews, as `create aws:ecr/repository:Repository images`, in order. */
  changes(): string[] {
    return this.#calls
      .filter(({ method, preview }) => !preview && ["create", "update", "delete"].includes(method))
      .map(({ method, type, name }) => `${method} ${type} ${name}`);
  }

  registered(): Registered[] {
    return [...this.#registered.values()];
  }

  /** Forgets what was seen; the resources stay. */
  clear(): void {
    this.#calls.length = 0;
    this.#registered.clear();
  }
}
