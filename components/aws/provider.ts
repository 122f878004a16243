import * as aws from "@pulumi/aws";
import { type InvokeOptions, RunError } from "@pulumi/pulumi";

/** Where in AWS a stack lives. */
export interface AwsSettings {
  readonly region: string;
  /** The only account that may be touched; undefined takes that of the credentials. */
  readonly accountId: string | undefined;
}

/**
 * The provider of everything in AWS. Region and account are the stack's own, never the shell's, and the provider itself refuses
 * another account: in a refresh or destroy too, where no program runs. Credentials come from the environment alone.
 */
export function awsProvider({ region, accountId }: AwsSettings): aws.Provider {
  return new aws.Provider("aws", { region, ...(accountId && { allowedAccountIds: [accountId] }) });
}

/**
 * A provider for {@link assertAccount}, which takes any account. It isn't that of the resources, since the engine records a
 * provider as the program registers it: with another account in the state, no later run could refresh any of them.
 */
export function callerProvider({ region }: AwsSettings): aws.Provider {
  return new aws.Provider("aws-caller", { region });
}

/**
 * Checks, before anything else is registered, that the credentials work and are those of the stack's account.
 *
 * @param options With {@link callerProvider}.
 * @returns The account's id.
 * @throws RunError that names the account expected and the one found.
 */
export async function assertAccount({ accountId }: AwsSettings, options: InvokeOptions): Promise<string> {
  const found = await aws.getCallerIdentity({}, options).catch((cause) => {
    const wanted = accountId ? `credentials of account ${accountId} (config awsAccountId)` : "credentials";
    throw new RunError(`AWS can't be asked who is calling: expected ${wanted}, got ${(cause as Error).message}`, {
      cause,
    });
  });
  if (accountId === undefined || found.accountId === accountId) return found.accountId;
  throw new RunError(
    `config awsAccountId: expected credentials of account ${accountId}, got those of ${found.accountId} (${found.arn}): sign in ` +
      "to the other account, or select the stack that belongs to this one",
  );
}
