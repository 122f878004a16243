import { RunError } from "@pulumi/pulumi";

/**
 * An IAM policy, as JSON with a stable order of keys: reading the artifacts below a prefix, and nothing else. Serving writes
 * nothing. Objects encrypted with a KMS key of one's own need kms:Decrypt by that key's policy.
 *
 * @param prefix As `s3://bucket/prefix`; the bucket alone is all of it.
 * @param partition The part of AWS that ARNs name, as `aws`, `aws-cn` or `aws-us-gov`: IAM takes none of another.
 * @throws RunError where the prefix isn't one, or has wildcards.
 */
export function artifactPolicy(prefix: string, partition: string): string {
  const [, bucket, path = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([^*?$]*))?$/.exec(prefix) ?? [];
  if (bucket === undefined) {
    throw new RunError(`config artifactPrefix: expected s3://bucket/prefix, without wildcards, got "${prefix}"`);
  }
  const folder = path.replace(/\/+$/, "");
  const below = folder === "" ? "*" : `${folder}/*`;
  const read = {
    Sid: "ReadArtifacts",
    Effect: "Allow",
    Action: ["s3:GetObject"],
    Resource: [`arn:${partition}:s3:::${bucket}/${below}`],
  };
  const list = {
    Sid: "ListArtifacts",
    Effect: "Allow",
    Action: ["s3:ListBucket"],
    Resource: [`arn:${partition}:s3:::${bucket}`],
    ...(folder !== "" && { Condition: { StringLike: { "s3:prefix": [folder, below] } } }),
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [read, list] });
}
