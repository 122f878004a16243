import { type InvokeOptions, RunError } from "@pulumi/pulumi";

/**
 * Looks a repository up, at once and without registering anything.
 *
 * @returns Its URL, as `123456789012.dkr.ecr.eu-north-1.amazonaws.com/ml-inference`; undefined where there is none.
 * @throws RunError where ECR can't be asked.
 */
export function findRepository(name: string, options: InvokeOptions): Promise<string | undefined> {
  return asking(name, async ({ ecr }) => {
    const { names } = await ecr.getRepositories({}, options);
    if (!names.includes(name)) return undefined;
    return (await ecr.getRepository({ name }, options)).repositoryUrl;
  });
}

/**
 * The digest, as `sha256:…`, of the image that a tag names in a repository; undefined where none has that tag.
 *
 * @throws RunError where ECR can't be asked, or the repository doesn't exist.
 */
export function findDigest(repository: string, tag: string, options: InvokeOptions): Promise<string | undefined> {
  return asking(repository, async ({ ecr }) => {
    const { imageIds } = await ecr.getImages({ repositoryName: repository }, options);
    return imageIds.find(({ imageTag }) => imageTag === tag)?.imageDigest;
  });
}

type Aws = typeof import("@pulumi/aws");

async function asking<T>(repository: string, ask: (aws: Aws) => Promise<T>): Promise<T> {
  try {
    // Only here: a stack without an image doesn't wait for the SDK of AWS to load.
    return await ask(await import("@pulumi/aws"));
  } catch (cause) {
    throw new RunError(
      `ECR can't be asked for the repository ${repository}: ${(cause as Error).message}. Expected credentials that may ` +
        "use ecr:DescribeRepositories and ecr:ListImages in the account and region of config awsAccountId and awsRegion",
      { cause },
    );
  }
}
