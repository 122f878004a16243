import type { Properties } from "../rpc/values.ts";
import type { KubernetesObject, ObjectReference } from "./objects.ts";

export interface WriteOptions {
  /** Field manager. */
  readonly manager: string;
  /** Says what would come of it, and writes nothing. */
  readonly dryRun: boolean;
}

/** The part of a Kubernetes API server that the provider uses. Refusals are {@link ApiError}s. */
export interface ApiServer {
  /** Whether objects of a kind lie in namespaces. Undefined for a kind that the server doesn't know. */
  isNamespaced(kind: Pick<ObjectReference, "apiVersion" | "kind">): Promise<boolean | undefined>;
  get(reference: ObjectReference): Promise<KubernetesObject | undefined>;
  list(kind: Pick<ObjectReference, "apiVersion" | "kind">, namespace: string): Promise<KubernetesObject[]>;
  create(object: KubernetesObject, options: WriteOptions): Promise<KubernetesObject>;
  /** Server-side apply. */
  apply(object: KubernetesObject, options: WriteOptions & { force: boolean }): Promise<KubernetesObject>;
  /** Gives the fields that a client-side create or kubectl's apply owns to a server-side manager. */
  adoptFields(reference: ObjectReference, manager: string): Promise<void>;
  /** Deletes in the foreground. An object that isn't there is no error. */
  delete(reference: ObjectReference): Promise<void>;
  /** Waits until something may have changed. False where nothing will. */
  pause(): Promise<boolean>;
}

/** A refusal of the API server, with its Status. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly status: Properties;

  constructor(code: number, reason: string, message: string, status: Properties = {}) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.status = status;
  }
}

export function isApiError(error: unknown, code: number): error is ApiError {
  return error instanceof ApiError && error.code === code;
}
