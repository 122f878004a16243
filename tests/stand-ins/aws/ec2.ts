import { choiceProblem, idOf, type ResourceType } from "./resource-type.ts";

const launchTemplate: ResourceType = {
  replaceOn: ["name", "namePrefix", "region"],
  autoname: "name",
  problems: ({ metadataOptions = {} }) =>
    choiceProblem("metadataOptions.httpTokens", (metadataOptions as { httpTokens?: unknown }).httpTokens, [
      "optional",
      "required",
    ]),
  create(cloud, inputs) {
    const id = `lt-${idOf(inputs)}`;
    const arn = cloud.arn("ec2", `launch-template/${id}`);
    return { id, outputs: { arn, defaultVersion: 1, latestVersion: 1, tagsAll: inputs.tags ?? {} } };
  },
};

/** Resource types of EC2 by token. */
export const ec2: Readonly<Record<string, ResourceType>> = {
  "aws:ec2/launchTemplate:LaunchTemplate": launchTemplate,
};
