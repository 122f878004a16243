/** Variables of an environment, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** In words, whose credentials the SDK's default chain takes from an environment; no part of them that is secret. */
export function describeIdentity(environment: Environment): string {
  if (environment.AWS_PROFILE) return `profile "${environment.AWS_PROFILE}" (AWS_PROFILE)`;
  if (environment.AWS_ACCESS_KEY_ID) return "the key in AWS_ACCESS_KEY_ID";
  if (environment.AWS_WEB_IDENTITY_TOKEN_FILE) return `role ${environment.AWS_ROLE_ARN} (IRSA, AWS_ROLE_ARN)`;
  if (environment.AWS_CONTAINER_CREDENTIALS_FULL_URI) return "the role of the EKS Pod Identity association";
  if (environment.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI) return "the container's role";
  return "the default profile, or the machine's own role";
}

/** How to give an identity to who has none. */
export const identityAdvice =
  "in a cluster give the pod's ServiceAccount a role, by IRSA (the annotation eks.amazonaws.com/role-arn) or an EKS Pod Identity " +
  "association, elsewhere set AWS_PROFILE (after aws sso login where it signs in so) or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
