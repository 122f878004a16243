import { checkFileName } from "../artifact-repository.ts";
import { MlflowError } from "../error.ts";

/** A folder of objects: those whose keys begin with the prefix and a slash. */
export interface S3Location {
  readonly bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
}

/**
 * Takes an artifact URI apart. Like MLflow's own client (mlflow/store/artifact/s3_artifact_repo.py), it decodes nothing.
 *
 * @param uri `s3://bucket/prefix`
 * @throws MlflowError for one without a bucket.
 */
export function s3Location(uri: string): S3Location {
  const [, bucket, path = ""] = /^s3:\/\/([^/?#]+)(?:\/([^?#]*))?$/i.exec(uri) ?? [];
  if (bucket === undefined) throw new MlflowError(`expected an artifact URI such as s3://bucket/prefix, got "${uri}"`);
  return { bucket, prefix: path.replace(/^\/+|\/+$/g, "") };
}

export function s3Uri({ bucket, prefix }: S3Location): string {
  return `s3://${bucket}/${prefix}`;
}

/** What all keys of the folder begin with. */
export function keyPrefix({ prefix }: S3Location): string {
  return prefix === "" ? "" : `${prefix}/`;
}

/**
 * The path of an object within its folder.
 *
 * @throws MlflowError where it would lead out of the folder, which a key may, being any text.
 */
export function pathWithin(location: S3Location, key: string): string {
  const path = key.slice(keyPrefix(location).length);
  for (const name of path.split("/")) checkFileName(name, s3Uri(location), key);
  return path;
}
