import * as aws from "@pulumi/aws";
import { type InvokeOptions, RunError } from "@pulumi/pulumi";

/**
 * Looks a repository up, at once and without registering anything.
 *
 * @returns Its URL, as `123456789012.dkr.ecr.eu-north-1.amazonaws.com/ml-inference`; undefined where there is none.
 * @throws RunError where ECR can't be asked.
 */
export function findRepository(name: string, options: InvokeOptions): Promise<string | undefined> {
  return asking(name, async () => {
    const { names } = await aws.ecr.getRepositories({}, options);
    if (!names.includes(name)) return undefined;
    return (await aws.ecr.getRepository({ name }, options)).repositoryUrl;
  });
}

/**
 * The digest, as `sha256:…`, of the image that a tag names in a repository; undefined where none has that tag.
 *
 * @throws RunError where ECR can't be asked, or the repository doesn't exist.
 */
export function findDigest(repository: string, tag: string, options: InvokeOptions): Promise<string | undefined> {
  return asking(repository, async () => {
    const { imageIds } = await aws.ecr.getImages({ repositoryName: repository }, options);
    return imageIds.find(({ imageTag }) => imageTag === tag)?.imageDigest;
  });
}

async function asking<T>(repository: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw new RunError(
      `ECR can't be asked for the repository ${repository}: ${(cause as Error).message}. Expected credentials that may ` +
        "use ecr:DescribeRepositories and ecr:ListImages in the account and region of config awsAccountId and awsRegion",
      { cause },
    );
  }
}
