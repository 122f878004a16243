import type { Problem } from "../schema/check.ts";
import { choiceProblem, patternProblem, policyProblems, type ResourceType } from "./resource-type.ts";

const mutabilities = ["MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"];

const repository: ResourceType = {
  replaceOn: ["name", "encryptionConfigurations", "region"],
  autoname: "name",
  problems: (inputs) => [
    ...patternProblem(
      "name",
      inputs.name,
      /^(?=.{2,256}$)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
      "2 to 256 lower-case letters, digits and . _ - /",
    ),
    ...choiceProblem("imageTagMutability", inputs.imageTagMutability, mutabilities),
    ...((inputs.encryptionConfigurations ?? []) as { encryptionType?: string }[]).flatMap(({ encryptionType }) =>
      choiceProblem("encryptionConfigurations[0].encryptionType", encryptionType, ["AES256", "KMS", "KMS_DSSE"]),
    ),
  ],
  create(cloud, inputs) {
    const name = inputs.name as string;
    cloud.addRepository(name, { mutability: (inputs.imageTagMutability as string) ?? "MUTABLE" });
    const outputs = {
      arn: cloud.arn("ecr", `repository/${name}`),
      registryId: cloud.account,
      repositoryUrl: `${cloud.registry}/${name}`,
      tagsAll: inputs.tags ?? {},
    };
    return { id: name, outputs };
  },
  update(cloud, id, inputs) {
    cloud.repositories.get(id)!.mutability = (inputs.imageTagMutability as string) ?? "MUTABLE";
    return { tagsAll: inputs.tags ?? {} };
  },
  delete(cloud, id, inputs) {
    const images = cloud.repositories.get(id)?.tags.size ?? 0;
    if (images > 0 && inputs.forceDelete !== true) {
      throw new Error(
        `ECR Repository (${id}) not empty, consider using force_delete: RepositoryNotEmptyException: The repository with name '${id}' in registry with id '${cloud.account}' cannot be deleted because it still contains images`,
      );
    }
    cloud.repositories.delete(id);
  },
};

const lifecyclePolicy: ResourceType = {
  replaceOn: ["repository", "policy", "region"],
  problems: (inputs) => lifecycleProblems(inputs.policy),
  create(cloud, inputs) {
    const id = inputs.repository as string;
    if (!cloud.repositories.has(id)) throw missing(id, cloud.account);
    return { id, outputs: { registryId: cloud.account } };
  },
};

const repositoryPolicy: ResourceType = {
  replaceOn: ["repository", "region"],
  problems: (inputs) => policyProblems("policy", inputs.policy),
  create: lifecyclePolicy.create,
};

/** ECR's rules for a lifecycle policy. Source: docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html */
function lifecycleProblems(policy: unknown): Problem[] {
  if (policy === undefined) return [];
  let rules: { rulePriority?: number; selection?: Record<string, unknown>; action?: { type?: string } }[];
  try {
    ({ rules } = typeof policy === "string" ? JSON.parse(policy) : (policy as { rules: typeof rules }));
  } catch (error) {
    return [{ path: "policy", reason: `is no JSON: ${(error as Error).message}` }];
  }
  if (!Array.isArray(rules) || rules.length === 0)
    return [{ path: "policy.rules", reason: "expected at least one rule" }];
  const priorities = rules.map(({ rulePriority }) => rulePriority);
  if (new Set(priorities).size < rules.length)
    return [{ path: "policy.rules", reason: `expected different priorities, got ${priorities}` }];
  return rules.flatMap(({ selection = {}, action }, index) => {
    const at = `policy.rules[${index}]`;
    const { tagStatus, countType, countUnit, countNumber } = selection;
    return [
      ...choiceProblem(`${at}.selection.tagStatus`, tagStatus ?? "none", ["tagged", "untagged", "any"]),
      ...choiceProblem(`${at}.selection.countType`, countType ?? "none", [
        "imageCountMoreThan",
        "sinceImagePushed",
        "sinceImagePulled",
      ]),
      ...choiceProblem(`${at}.action.type`, action?.type ?? "none", ["expire", "transition"]),
      ...(countType === "sinceImagePushed" && countUnit !== "days"
        ? [{ path: `${at}.selection.countUnit`, reason: `expected days, got ${countUnit}` }]
        : []),
      ...(Number.isInteger(countNumber) && Number(countNumber) > 0
        ? []
        : [{ path: `${at}.selection.countNumber`, reason: `expected a number above 0, got ${countNumber}` }]),
      ...(tagStatus === "tagged" && !selection.tagPrefixList && !selection.tagPatternList
        ? [{ path: `${at}.selection`, reason: "expected tagPrefixList or tagPatternList with tagStatus tagged" }]
        : []),
    ];
  });
}

function missing(name: string, account: string): Error {
  return new Error(
    `RepositoryNotFoundException: The repository with name '${name}' does not exist in the registry with id '${account}'`,
  );
}

/** Resource types of ECR by token. */
export const ecr: Readonly<Record<string, ResourceType>> = {
  "aws:ecr/repository:Repository": repository,
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": lifecyclePolicy,
  "aws:ecr/repositoryPolicy:RepositoryPolicy": repositoryPolicy,
};
