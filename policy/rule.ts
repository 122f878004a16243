/** A resource as the engine sees it: the inputs that the program registered. */
export interface Resource {
  /** Type token, as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Name in the program. */
  readonly name: string;
  /** Inputs as JSON, in the engine's own form: secrets and unknown values by their signatures. */
  readonly properties: unknown;
  /**
   * Whether the properties still tell which values are secrets: the engine's own do, while a policy pack gets them opened.
   *
   * @default true
   */
  readonly marked?: boolean;
}

/** What a reviewer would refuse (`mandatory`) or ask about (`advisory`). */
export interface Rule {
  /** In kebab-case. */
  readonly name: string;
  readonly description: string;
  readonly enforcement: "mandatory" | "advisory";
  /** What is wrong with a resource, each with the path of the property; nothing where the rule says nothing of its type. */
  check(resource: Resource): string[];
}
