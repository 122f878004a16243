import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { assertSealed } from "./sealed-secrets.ts";
import type { Workspace } from "./workspace.ts";

const emptySalt = "encryptionsalt: v1:dqNkANTB/XA=:v1:8E+sFalLmxUnp6qU:3pR5xxnlg3IyxvHd7hd6W1j65Gdxcw==\n";
// Written by pulumi stack change-secrets-provider passphrase, to which "strong" was given.
const ownSalt = "encryptionsalt: v1:Sgq9ehe48n0=:v1:DoOoKfMFT1htp9s/:X1H2k6wSX6P58CdoowEqkE0Rr3UhGQ==\n";
const secret = "config:\n  p:awsSecretAccessKey:\n    secure: v1:x\n";
const nested = "config:\n  aws:defaultTags:\n    tags:\n      - secure: v1:x\n";
const identity = "config:\n  p:identity: secret\n";

interface Case {
  readonly text: string;
  /** Absent on a backend of the user's own. */
  readonly folder?: string;
  readonly passphrase?: string;
}

async function seal(t: ExecutionContext, { text, folder, passphrase }: Case): Promise<void> {
  const project = await mkdtemp(join(tmpdir(), "secrets-"));
  t.teardown(() => rm(project, { recursive: true }));
  await writeFile(join(project, "Pulumi.prod.yaml"), text);
  const workspace: Workspace = {
    project,
    projectName: "p",
    cli: { file: "", version: "" },
    backend: { url: "", ...(folder !== undefined && { folder }) },
    env: passphrase === undefined ? {} : { PULUMI_CONFIG_PASSPHRASE: passphrase },
  };
  await assertSealed(workspace, "prod");
}

const folder = "/state";
const refused: Record<string, [Case, RegExp]> = {
  "a secret sealed with the empty passphrase": [
    { text: secret + emptySalt, folder, passphrase: "" },
    /^Pulumi\.prod\.yaml: expected a passphrase or a key for its secrets \(awsSecretAccessKey\), got the empty .*change-secrets-provider passphrase --stack prod .*PULUMI_CONFIG_PASSPHRASE/,
  ],
  "such a secret on a backend of the user's own": [{ text: secret + emptySalt, passphrase: "" }, /awsSecretAccessKey/],
  "such a secret, though another passphrase is set meanwhile": [
    { text: secret + emptySalt, folder, passphrase: "strong" },
    /awsSecretAccessKey/,
  ],
  "a secret deep in a value": [{ text: nested + emptySalt, folder, passphrase: "" }, /\(defaultTags\)/],
  "identity secret, before anything was sealed": [
    { text: identity, folder, passphrase: "" },
    /\(awsAccessKeyId, awsSecretAccessKey\)/,
  ],
};

for (const [what, [given, message]] of Object.entries(refused))
  test(`${what} is refused`, async (t) => {
    await t.throwsAsync(seal(t, given), { message });
  });

const taken: Record<string, Case> = {
  "a stack without secrets": { text: `config:\n  p:identity: irsa\n${emptySalt}`, folder, passphrase: "" },
  "a stack without config": { text: "", folder, passphrase: "" },
  "a secret sealed with a passphrase": { text: secret + ownSalt, folder, passphrase: "strong" },
  "a secret sealed with a key in KMS": { text: `${secret}secretsprovider: awskms://alias/x\n`, folder, passphrase: "" },
  "a secret that Pulumi's own service seals": { text: secret, passphrase: "" },
  "identity secret with a passphrase": { text: identity, folder, passphrase: "strong" },
  "a file that Pulumi itself will refuse": { text: "config: [", folder, passphrase: "" },
};

for (const [what, given] of Object.entries(taken))
  test(`${what} is taken`, async (t) => {
    await t.notThrowsAsync(seal(t, given));
  });
