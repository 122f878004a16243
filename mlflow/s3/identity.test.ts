import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { scriptedServer } from "../rest/scripted-server.ts";
import { describeIdentity } from "./identity.ts";
import { openS3, serveS3 } from "./s3-script.ts";

const role = "arn:aws:iam::123456789012:role/ml-inference-role";

/** Replaces all that names an identity, for one test. */
function useIdentity(t: ExecutionContext, variables: Record<string, string>): void {
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
  const nowhere = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
  Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: "true", ...nowhere, ...variables });
  t.teardown(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  });
}

async function file(t: ExecutionContext, text: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "identity-"));
  t.teardown(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, "token"), text);
  return join(dir, "token");
}

const upload = async (t: ExecutionContext) => {
  const server = await serveS3(t, {});
  await openS3(server, process.env as Record<string, string>).upload("s3://bucket/1", "MLmodel", "x", undefined);
  return server.requests[0]!.authorization!;
};

const assumed = (key: string) =>
  `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>${key}</AccessKeyId>` +
  "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";

test.serial("no identity is an error that names the ways to one", async (t) => {
  useIdentity(t, {});
  await t.throwsAsync(upload(t), {
    name: "MlflowError",
    message:
      /cannot write s3:\/\/bucket\/1\/MLmodel: no AWS credentials to be had .*eks.amazonaws.com\/role-arn.*Pod Identity.*AWS_PROFILE/,
  });
});

test.serial("IRSA's variables take on the role with the ServiceAccount's token", async (t) => {
  const sts = await scriptedServer((_, response) => response.end(assumed("ASIAROLE")));
  t.teardown(() => sts.close());
  useIdentity(t, {
    AWS_ROLE_ARN: role,
    AWS_WEB_IDENTITY_TOKEN_FILE: await file(t, "a.service.account"),
    AWS_ENDPOINT_URL_STS: sts.uri,
    AWS_REGION: "eu-north-1",
  });
  t.regex(await upload(t), /Credential=ASIAROLE\//);
  const asked = new URLSearchParams(sts.requests[0]!.body);
  t.is(asked.get("Action"), "AssumeRoleWithWebIdentity");
  t.is(asked.get("RoleArn"), role);
  t.is(asked.get("WebIdentityToken"), "a.service.account");
});

test.serial("a role that doesn't trust the ServiceAccount is an error that names it", async (t) => {
  const denied =
    "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error></ErrorResponse>";
  const sts = await scriptedServer((_, response) => response.writeHead(403).end(denied));
  t.teardown(() => sts.close());
  useIdentity(t, {
    AWS_ROLE_ARN: role,
    AWS_WEB_IDENTITY_TOKEN_FILE: await file(t, "token"),
    AWS_ENDPOINT_URL_STS: sts.uri,
    AWS_REGION: "eu-north-1",
  });
  await t.throwsAsync(upload(t), {
    message: /role\/ml-inference-role .*can't be taken on .*its trust policy must name/,
  });
});

test.serial("a token that isn't mounted counts as no identity", async (t) => {
  useIdentity(t, { AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: "/nowhere/token", AWS_REGION: "eu-north-1" });
  await t.throwsAsync(upload(t), { message: /no AWS credentials to be had .*\/nowhere\/token/ });
});

test.serial("the Pod Identity agent is asked with the pod's token", async (t) => {
  const agent = await scriptedServer((_, response) =>
    response.end(
      JSON.stringify({ AccessKeyId: "ASIAPOD", SecretAccessKey: "s", Token: "t", Expiration: "2100-01-01T00:00:00Z" }),
    ),
  );
  t.teardown(() => agent.close());
  useIdentity(t, {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${agent.uri}/v1/credentials`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: await file(t, "pod-token"),
    AWS_REGION: "eu-north-1",
  });
  t.regex(await upload(t), /Credential=ASIAPOD\//);
  t.is(agent.requests[0]!.authorization, "pod-token");
});

for (const [words, variables] of Object.entries({
  'profile "prod" (AWS_PROFILE)': { AWS_PROFILE: "prod", AWS_ACCESS_KEY_ID: "AKIA" },
  "the key in AWS_ACCESS_KEY_ID": { AWS_ACCESS_KEY_ID: "AKIA", AWS_WEB_IDENTITY_TOKEN_FILE: "/token" },
  [`role ${role} (IRSA, AWS_ROLE_ARN)`]: { AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: "/token" },
  "the default profile, or the machine's own role": {},
}))
  test(`an identity in words: ${words}`, (t) => {
    t.is(describeIdentity(variables), words);
  });
