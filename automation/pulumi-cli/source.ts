import type { PulumiCli } from "./inspect.ts";

/** What each source of a Pulumi CLI is given. */
export interface SourceOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  /** Called with what is being done, when that takes a while. */
  readonly onProgress: (doing: string) => void;
}

/** A way to a Pulumi CLI that takes a while: a download or a build. */
export type Source = (options: SourceOptions) => Promise<PulumiCli>;
