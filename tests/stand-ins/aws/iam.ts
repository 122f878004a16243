import type { Cloud } from "./cloud.ts";
import { idOf, patternProblem, policyProblems, type ResourceType } from "./resource-type.ts";

const name = (value: unknown) =>
  patternProblem("name", value, /^[\w+=,.@-]{1,64}$/, "1 to 64 letters, digits and + = , . @ - _");

const role: ResourceType = {
  replaceOn: ["name", "namePrefix", "path"],
  autoname: "name",
  problems: (inputs) => [...name(inputs.name), ...policyProblems("assumeRolePolicy", inputs.assumeRolePolicy)],
  create(cloud, inputs) {
    const id = inputs.name as string;
    unique(cloud, "aws:iam/role:Role", id, `Role with name ${id} already exists.`);
    const arn = cloud.arn("iam", `role${inputs.path ?? "/"}${id}`);
    return {
      id,
      outputs: {
        arn,
        createDate: "2026-01-01T00:00:00Z",
        uniqueId: `AROA${idOf(id).toUpperCase().slice(0, 17)}`,
        tagsAll: inputs.tags ?? {},
      },
    };
  },
};

const policy: ResourceType = {
  replaceOn: ["name", "namePrefix", "path", "description"],
  autoname: "name",
  problems: (inputs) => policyProblems("policy", inputs.policy),
  create(cloud, inputs) {
    const arn = cloud.arn("iam", `policy${inputs.path ?? "/"}${inputs.name}`);
    unique(cloud, "aws:iam/policy:Policy", arn, `A policy called ${inputs.name} already exists.`);
    return {
      id: arn,
      outputs: {
        arn,
        attachmentCount: 0,
        policyId: `ANPA${idOf(arn).toUpperCase().slice(0, 17)}`,
        tagsAll: inputs.tags ?? {},
      },
    };
  },
};

const rolePolicy: ResourceType = {
  replaceOn: ["name", "namePrefix", "role"],
  autoname: "name",
  problems: (inputs) => policyProblems("policy", inputs.policy),
  create(cloud, inputs) {
    assertRole(cloud, inputs.role as string);
    return { id: `${inputs.role}:${inputs.name}`, outputs: {} };
  },
};

const rolePolicyAttachment: ResourceType = {
  replaceOn: ["role", "policyArn"],
  problems: (inputs) =>
    patternProblem("policyArn", inputs.policyArn, /^arn:[^:]+:iam::(\d{12}|aws):policy\/.+/, "the ARN of a policy"),
  create(cloud, inputs) {
    assertRole(cloud, inputs.role as string);
    return { id: `${inputs.role}-${idOf(inputs)}`, outputs: {} };
  },
};

const openIdConnectProvider: ResourceType = {
  replaceOn: ["url"],
  problems: (inputs) => patternProblem("url", inputs.url, /^https:\/\//, "a URL that begins with https://"),
  create(cloud, inputs) {
    const arn = cloud.addOidcProvider(inputs.url as string, inputs.clientIdLists as string[]);
    return {
      id: arn,
      outputs: {
        arn,
        thumbprintLists: inputs.thumbprintLists ?? ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
        tagsAll: inputs.tags ?? {},
      },
    };
  },
  delete(cloud, _, inputs) {
    cloud.oidcProviders.delete((inputs.url as string).replace(/^https:\/\//, ""));
  },
};

function unique(cloud: Cloud, type: string, id: string, message: string): void {
  if (cloud.resources.has(`${type}|${id}`)) throw new Error(`EntityAlreadyExists: ${message}`);
}

function assertRole(cloud: Cloud, role: string): void {
  if (cloud.resources.has(`aws:iam/role:Role|${role}`)) return;
  throw new Error(`NoSuchEntity: The role with name ${role} cannot be found.`);
}

/** Resource types of IAM by token. */
export const iam: Readonly<Record<string, ResourceType>> = {
  "aws:iam/role:Role": role,
  "aws:iam/policy:Policy": policy,
  "aws:iam/rolePolicy:RolePolicy": rolePolicy,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": rolePolicyAttachment,
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": openIdConnectProvider,
};
