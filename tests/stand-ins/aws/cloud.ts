import { createHash } from "node:crypto";

/** A repository of ECR and what was pushed to it. */
export interface Repository {
  readonly name: string;
  mutability: string;
  /** Digest by tag. */
  readonly tags: Map<string, string>;
}

/** An EKS cluster, made by the program or there before. */
export interface Cluster {
  readonly name: string;
  readonly endpoint: string;
  /** Base64 of the certificate authority's PEM. */
  readonly certificateAuthority: string;
  /** URL of the OIDC issuer. */
  readonly issuer: string;
  readonly version: string;
  readonly roleArn: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
}

/** A bridged resource: what Terraform's provider would know of it. */
export interface Stored {
  readonly type: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

export interface CloudOptions {
  /** @default "123456789012" */
  readonly account?: string;
  /** @default "eu-north-1" */
  readonly region?: string;
  /** Host (and port) of a real registry that stands for ECR's. */
  readonly registry?: string | undefined;
}

/** The state of one AWS account in one region. It lives as long as the stand-ins. */
export class Cloud {
  readonly account: string;
  readonly region: string;
  readonly registry: string;
  readonly repositories = new Map<string, Repository>();
  readonly clusters = new Map<string, Cluster>();
  /** OIDC providers by issuer without the scheme. */
  readonly oidcProviders = new Map<string, { readonly arn: string; readonly clientIds: readonly string[] }>();
  /** Resources that the program made, by id within their type. */
  readonly resources = new Map<string, Stored>();

  constructor({ account = "123456789012", region = "eu-north-1", registry }: CloudOptions = {}) {
    this.account = account;
    this.region = region;
    this.registry = registry ?? `${account}.dkr.ecr.${region}.amazonaws.com`;
  }

  arn(service: string, resource: string): string {
    const region = service === "iam" ? "" : this.region;
    return `arn:aws:${service}:${region}:${this.account}:${resource}`;
  }

  /** A repository that exists before the program runs. */
  addRepository(
    name: string,
    options: { mutability?: string; tags?: Readonly<Record<string, string>> } = {},
  ): Repository {
    const { mutability = "IMMUTABLE", tags = {} } = options;
    if (this.repositories.has(name)) {
      throw new Error(
        `RepositoryAlreadyExistsException: The repository with name '${name}' already exists in the registry with id '${this.account}'`,
      );
    }
    const repository = { name, mutability, tags: new Map(Object.entries(tags)) };
    this.repositories.set(name, repository);
    return repository;
  }

  /** A cluster that exists before the program runs, with an OIDC provider in IAM unless `oidc` is false. */
  addCluster(name: string, options: Partial<Cluster> & { oidc?: boolean } = {}): Cluster {
    const { oidc = true, ...given } = options;
    const id = createHash("sha256").update(name).digest("hex").slice(0, 32).toUpperCase();
    const cluster: Cluster = {
      name,
      endpoint: `https://${id}.gr7.${this.region}.eks.amazonaws.com`,
      certificateAuthority: Buffer.from("-----BEGIN CERTIFICATE-----\n").toString("base64"),
      issuer: `https://oidc.eks.${this.region}.amazonaws.com/id/${id}`,
      version: "1.32",
      roleArn: this.arn("iam", `role/${name}-cluster`),
      vpcId: "vpc-0a1b2c3d4e5f60718",
      subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
      ...given,
    };
    this.clusters.set(name, cluster);
    if (oidc) this.addOidcProvider(cluster.issuer);
    return cluster;
  }

  addOidcProvider(url: string, clientIds: readonly string[] = ["sts.amazonaws.com"]): string {
    const host = url.replace(/^https:\/\//, "");
    if (this.oidcProviders.has(host)) throw new Error(`EntityAlreadyExists: Provider with url ${url} already exists.`);
    const arn = this.arn("iam", `oidc-provider/${host}`);
    this.oidcProviders.set(host, { arn, clientIds });
    return arn;
  }

  /**
   * Records that an image was pushed.
   * @throws Error as the registry refuses a push: no such repository, or a tag that exists and is immutable.
   */
  push(repositoryName: string, tag: string, digest: string): void {
    const repository = this.repositories.get(repositoryName);
    if (!repository)
      throw new Error(
        `name unknown: The repository with name '${repositoryName}' does not exist in the registry with id '${this.account}'`,
      );
    this.assertPushable(repositoryName, tag);
    repository.tags.set(tag, digest);
  }

  /** @throws Error where the tag was pushed already and tags are immutable. ECR refuses it even with the same digest. */
  assertPushable(repositoryName: string, tag: string): void {
    const repository = this.repositories.get(repositoryName);
    if (repository?.mutability.startsWith("IMMUTABLE") && repository.tags.has(tag)) {
      throw new Error(
        `tag invalid: The image tag '${tag}' already exists in the '${repositoryName}' repository and cannot be overwritten because the tag is immutable.`,
      );
    }
  }

  /** Name of the repository of an image reference in this registry, and undefined for another registry's. */
  repositoryOf(reference: string): string | undefined {
    return reference.startsWith(`${this.registry}/`) ? reference.slice(this.registry.length + 1) : undefined;
  }
}
