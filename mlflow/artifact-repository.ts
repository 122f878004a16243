import { MlflowError } from "./error.ts";

/** Where the files of artifacts lie, addressed by URIs of one scheme. Every method throws MlflowError. */
export interface ArtifactRepository {
  /** Writes one file of an artifact. Rejects with the signal's reason where it is aborted. */
  upload(
    artifactUri: string,
    name: string,
    content: Uint8Array | string,
    signal: AbortSignal | undefined,
  ): Promise<void>;
  /** Copies an artifact's whole folder into `dir`, which is there already. */
  download(artifactUri: string, dir: string): Promise<void>;
}

/**
 * Checks a name that another side made up, before it becomes part of a path here: it must not lead out of the folder.
 *
 * @param where What the name was listed in.
 * @throws MlflowError naming it.
 */
export function checkFileName(name: string, where: string, listed = name): void {
  if (name === "" || name === "." || name === ".." || /[/\\\0]/.test(name))
    throw new MlflowError(`expected a file name in ${where}, got "${listed}"`);
}
