import type { Properties } from "./values.ts";

/** Which resource an operation is about. */
export interface Subject {
  readonly urn: string;
  /** Type token, as in `aws:ecr/repository:Repository`. */
  readonly type: string;
  /** The resource's name in the program. */
  readonly name: string;
  /** The configuration of the provider resource that it belongs to. */
  readonly config: Properties;
}

export interface CheckRequest extends Subject {
  /** Inputs in the state; empty for a resource that is new or replaces one. */
  readonly olds: Properties;
  readonly news: Properties;
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface Checked {
  readonly inputs: Properties;
  readonly failures?: readonly CheckFailure[];
}

export interface DiffRequest extends Subject {
  readonly id: string;
  readonly oldInputs: Properties;
  readonly olds: Properties;
  readonly news: Properties;
  readonly ignoreChanges: readonly string[];
}

/** How a property changes. */
export type ChangeKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface Difference {
  /** Changed properties by path. Empty where nothing changed. */
  readonly changes: ReadonlyMap<string, ChangeKind>;
  /** Further properties that force a replacement. */
  readonly replaces?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
}

export interface CreateRequest extends Subject {
  readonly inputs: Properties;
  readonly preview: boolean;
  /** In seconds; 0 where the program set none. */
  readonly timeout: number;
}

export interface Created {
  readonly id: string;
  readonly outputs: Properties;
}

export interface ReadRequest extends Subject {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface Live {
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface UpdateRequest extends Subject {
  readonly id: string;
  readonly oldInputs: Properties;
  readonly olds: Properties;
  readonly news: Properties;
  readonly preview: boolean;
  readonly timeout: number;
  readonly ignoreChanges: readonly string[];
}

export interface DeleteRequest extends Subject {
  readonly id: string;
  readonly outputs: Properties;
  readonly timeout: number;
}

export interface ConstructRequest {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
  /** URN of the parent. Empty where it has none. */
  readonly parent: string;
  /** Provider references by package. */
  readonly providers: Readonly<Record<string, string>>;
  /** Address of the engine's resource monitor. */
  readonly monitor: string;
  readonly preview: boolean;
  /** The engine doesn't delete the component, nor its children. */
  readonly protect: boolean;
}

export interface Constructed {
  readonly urn: string;
  readonly outputs: Properties;
}

/** What a stand-in implements. A method that throws fails the operation with the error's message. */
export interface Provider {
  /** Checks the configuration of a provider resource. */
  configure?(config: Properties): void;
  check(request: CheckRequest): Promise<Checked>;
  diff(request: DiffRequest): Promise<Difference>;
  create(request: CreateRequest): Promise<Created>;
  /** Undefined says that the resource is gone. */
  read(request: ReadRequest): Promise<Live | undefined>;
  /** Gives the outputs. */
  update(request: UpdateRequest): Promise<Properties>;
  delete(request: DeleteRequest): Promise<void>;
  invoke?(token: string, args: Properties, config: Properties): Promise<Properties>;
  construct?(request: ConstructRequest): Promise<Constructed>;
  /** Keys of the provider's configuration whose change replaces all its resources. */
  configReplaces?(olds: Properties, news: Properties): readonly string[];
}

/** A resource that exists, but did not become ready: the engine keeps it, with these reasons, and fails the update. */
export class InitFailed extends Error {
  readonly id: string;
  readonly outputs: Properties;
  /** Live inputs, for a failed read. */
  readonly inputs: Properties | undefined;
  readonly reasons: readonly string[];

  constructor(reasons: readonly [string, ...string[]], live: { id: string; outputs: Properties; inputs?: Properties }) {
    super(reasons[0]);
    this.id = live.id;
    this.outputs = live.outputs;
    this.inputs = live.inputs;
    this.reasons = reasons;
  }
}
