import type { S3Client } from "@aws-sdk/client-s3";
import type { Environment } from "./identity.ts";

/** The SDK, which is loaded only where an artifact lies in S3: neither start-up nor memory of other services pays for it. */
export type S3Sdk = typeof import("@aws-sdk/client-s3");

export interface S3Connection {
  readonly sdk: S3Sdk;
  readonly client: S3Client;
}

/**
 * Loads the SDK and makes a client with the ambient identity: the SDK's default chain takes the credentials, with each
 * request, from the environment, a profile, IRSA's web identity, EKS Pod Identity or the machine's metadata service.
 *
 * @param timeoutMs Longest silence of a connection.
 */
export async function connectS3(environment: Environment, timeoutMs: number): Promise<S3Connection> {
  const sdk = await import("@aws-sdk/client-s3");
  const endpoint = environment.MLFLOW_S3_ENDPOINT_URL;
  const region = regionFor(environment, endpoint);
  const client = new sdk.S3Client({
    ...(region ? { region } : {}),
    // A server of another make rarely has a host name a bucket.
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    followRegionRedirects: true,
    requestHandler: {
      connectionTimeout: Math.min(timeoutMs, 10_000),
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: timeoutMs,
    },
  });
  return { sdk, client };
}

/** The SDK for JavaScript reads AWS_REGION alone, Python's also the other; servers of another make mostly want none. */
function regionFor(environment: Environment, endpoint: string | undefined): string | undefined {
  return environment.AWS_REGION || environment.AWS_DEFAULT_REGION || (endpoint ? "us-east-1" : undefined);
}
