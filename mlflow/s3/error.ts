import { MlflowError } from "../error.ts";
import { describeIdentity, type Environment, identityAdvice } from "./identity.ts";
import { type S3Location, s3Uri } from "./location.ts";

/** What was being done, with the permission that it takes. */
export interface S3Action {
  readonly verb: "list" | "read" | "write";
  readonly location: S3Location;
  /** Of the one object that it was about. */
  readonly key?: string;
}

/** What the SDK throws: an answer of S3 or STS, or a failure on the way to it. */
interface Failure extends Error {
  readonly code?: string;
  /** Of a file on this machine. */
  readonly path?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const permissions = { list: "s3:ListBucket", read: "s3:GetObject", write: "s3:PutObject" } as const;

/** S3 and STS refuse these credentials themselves, whatever they may do (docs: API/ErrorResponses.html, API_AssumeRoleWithWebIdentity.html). */
const refusedCredentials = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidAccessKeyId",
  "InvalidToken",
  "RequestTimeTooSkewed",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);

const refusedWebIdentity = /^(InvalidIdentityToken|IDPRejectedClaim|IDPCommunicationError)|sts:AssumeRole/;

/** The error that a failure of the SDK means: where, what was expected, and what to do. */
export function s3Error(action: S3Action, cause: unknown, environment: Environment): MlflowError {
  const failure = cause as Failure;
  const { verb, location, key } = action;
  const uri = key === undefined ? s3Uri(location) : s3Uri({ bucket: location.bucket, prefix: key });
  const status = failure.$metadata?.httpStatusCode;
  const code = status === undefined ? (failure.code ?? failure.name) : failure.name;
  return new MlflowError(`cannot ${verb} ${uri}: ${reason(action, failure, status, environment)}`, {
    code,
    status,
    cause,
  });
}

function reason(action: S3Action, failure: Failure, status: number | undefined, environment: Environment): string {
  const { name, message } = failure;
  const { bucket } = action.location;
  const said = message === "" || message === name ? name : `${name}: ${message}`;
  const endpoint = environment.MLFLOW_S3_ENDPOINT_URL;
  const noToken = failure.path !== undefined && failure.path === environment.AWS_WEB_IDENTITY_TOKEN_FILE;
  if (name === "CredentialsProviderError" || name === "TokenProviderError" || noToken)
    return `no AWS credentials to be had (${message}): ${identityAdvice}`;
  if (refusedWebIdentity.test(said))
    return `${describeIdentity(environment)} can't be taken on (${said}): its trust policy must name the cluster's OIDC provider, this ServiceAccount as sub and sts.amazonaws.com as aud`;
  if (refusedCredentials.has(name))
    return `the credentials of ${describeIdentity(environment)} are refused (${said}): renew them, and look at the machine's clock`;
  if (name === "NoSuchBucket")
    return `no such bucket${endpoint ? ` at ${endpoint}` : ""}: make it, or start MLflow with a --default-artifact-root that is there, and use an experiment made since`;
  if (name === "NoSuchKey") return "the object is gone: was the artifact deleted meanwhile?";
  if (isWrongRegion(name, status))
    return `the bucket lies in another region than ${regionOf(environment)} (${said}): set AWS_REGION to the bucket's`;
  if (/region is missing/i.test(message)) return "no AWS region to be had: set AWS_REGION to the bucket's";
  if (status === 403)
    return `${describeIdentity(environment)} may not (${said}): allow ${permissions[action.verb]} on ${resourceOf(action)}`;
  if (failure.path !== undefined) return message;
  if (name === "TimeoutError") return `no answer in time (${message})`;
  if (status !== undefined) return `answered ${status} ${said}`;
  const hint = endpoint
    ? "is MLFLOW_S3_ENDPOINT_URL its address?"
    : `is there a way out to S3, such as a VPC endpoint, and is AWS_REGION, ${regionOf(environment)}, right?`;
  return `cannot reach S3${endpoint ? ` at ${endpoint}` : ""} (bucket ${bucket}, ${failure.code ?? name}: ${message}): ${hint}`;
}

function isWrongRegion(name: string, status: number | undefined): boolean {
  return status === 301 || status === 307 || name === "PermanentRedirect" || name === "AuthorizationHeaderMalformed";
}

function regionOf(environment: Environment): string {
  return environment.AWS_REGION || environment.AWS_DEFAULT_REGION || "the profile's";
}

function resourceOf({ verb, location: { bucket, prefix } }: S3Action): string {
  const arn = `arn:aws:s3:::${bucket}`;
  return verb === "list" ? `${arn} for the prefix ${prefix}/*` : `${arn}/${prefix}/*`;
}
