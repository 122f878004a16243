/** What is asked of a builder: the resource's inputs, with paths made absolute. */
export interface ImageBuild {
  /** Fully qualified name with its tag. */
  readonly imageName: string;
  readonly context: string;
  readonly dockerfile: string;
  readonly contextDigest: string;
  readonly platform: string;
  readonly target: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  readonly network: string | undefined;
  readonly skipPush: boolean;
  readonly registry: { readonly server?: string; readonly username?: string; readonly password?: string };
}

/** What came of it. */
export interface BuiltImage {
  /** Digest of the pushed manifest, `sha256:…`; of the local image where nothing was pushed. */
  readonly digest: string;
}

/** Builds an image and pushes it. */
export type Builder = (build: ImageBuild) => Promise<BuiltImage>;

/** Parts of `host/path:tag`. @throws Error where there is no host, as the provider requires one */
export function imageParts(imageName: string): { repository: string; tag: string } {
  const match = /^(?<repository>[^/]*[.:][^/]*\/.+?)(?::(?<tag>[\w][\w.-]{0,127}))?$/.exec(imageName);
  if (!match) {
    throw new Error(
      `${JSON.stringify(imageName)}: repository name must be canonical.\nThis resource requires all image names to be fully qualified.`,
    );
  }
  return { repository: match.groups!.repository!, tag: match.groups!.tag ?? "latest" };
}
