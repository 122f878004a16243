import { basename } from "node:path";
import { opensSalt } from "./passphrase.ts";
import { configFile, encryptionSalt, stackSecrets } from "./stack-config.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Refuses to go on with a stack whose secrets the empty passphrase opens: they would lie as good as plain in its config file and
 * its state. A stack without secrets needs no other passphrase, as the dev stack.
 *
 * @throws Error that names the secrets and says how to seal them.
 */
export async function assertSealed({ backend, project, env }: Workspace, stack: string): Promise<void> {
  const { keys, provider } = stackSecrets(project, stack);
  if (keys.length === 0 || (provider !== undefined && provider !== "passphrase")) return;
  const salt = encryptionSalt(project, stack);
  const isOpen = salt
    ? await opensSalt(salt, "")
    : backend.folder !== undefined && env.PULUMI_CONFIG_PASSPHRASE === "" && !env.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (!isOpen) return;
  throw new Error(
    `${basename(configFile(project, stack))}: expected a passphrase or a key for its secrets (${keys.join(", ")}), got the empty ` +
      "passphrase, with which anybody reads them. Give the stack one of its own: " +
      `npm run pulumi -- stack change-secrets-provider passphrase --stack ${stack} asks for it, and from then on ` +
      "PULUMI_CONFIG_PASSPHRASE has to hold it; or, instead of passphrase, 'awskms://alias/NAME?region=REGION'",
  );
}
