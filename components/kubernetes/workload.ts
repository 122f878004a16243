import { apiextensions, apps, autoscaling, core, networking, policy } from "@pulumi/kubernetes";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  getStack,
  type Input,
  InputPropertyError,
  type Output,
  output,
  type Resource,
} from "@pulumi/pulumi";
import type { Expectation } from "../../mlflow/expectation.ts";
import type { Credentials } from "../../mlflow/rest/credentials.ts";
import { autoscaler } from "./autoscaler.ts";
import { checkSettings } from "./check-settings.ts";
import { configMap } from "./config-map.ts";
import { deployment } from "./deployment.ts";
import { disruptionBudget } from "./disruption-budget.ts";
import { expectationJson } from "./expectation.ts";
import { imageByDigest } from "./image-reference.ts";
import { dashboard } from "./monitoring/dashboard.ts";
import { prometheusRule } from "./monitoring/prometheus-rule.ts";
import { serviceMonitor } from "./monitoring/service-monitor.ts";
import { awsSecret, mlflowSecret } from "./names.ts";
import { namespace } from "./namespace.ts";
import { networkPolicies } from "./network-policies.ts";
import { type AwsCredentials, awsVariables, mlflowVariables, podSecret, secretDigest } from "./pod-secret.ts";
import { serviceEndpoint } from "./route/endpoint.ts";
import { httpRoute } from "./route/http-route.ts";
import { ingress } from "./route/ingress.ts";
import { serviceAccount } from "./service-account.ts";
import { headlessService, usersService } from "./services.ts";
import { timeoutsAfter } from "./timing.ts";
import type { WorkloadSettings } from "./workload-settings.ts";

/** What {@link Workload} is told. */
export interface WorkloadArgs {
  readonly settings: WorkloadSettings;
  /** Image by digest. */
  readonly image: Input<string>;
  /** The model to serve, with what proves it. */
  readonly expectation: Input<Expectation>;
  /** IAM role to assume, where identity is `irsa`. */
  readonly roleArn?: Input<string>;
  /** AWS credentials, where identity is `secret`. */
  readonly credentials?: Input<AwsCredentials>;
  /** What pods sign in to MLflow with. @default none */
  readonly mlflowCredentials?: Input<Credentials>;
}

/** The inference service in a Kubernetes cluster: everything about it but the proof that it is the one asked for. */
export class Workload extends ComponentResource {
  /** Address of the service: its route's, or inside of the cluster where it has none. */
  readonly endpoint: Output<string>;
  /** The serving pods: known once they are rolled out. */
  readonly deployed: apps.v1.Deployment;
  /** Names every ready pod. */
  readonly pods: core.v1.Service;
  /** Name of the pods' ConfigMap. */
  readonly configMap: string;

  readonly #name: string;
  readonly #settings: WorkloadSettings;

  constructor(name: string, args: WorkloadArgs, options?: ComponentResourceOptions) {
    super("pipeline:kubernetes:Workload", name, {}, options);
    const { settings } = args;
    checkSettings(settings);
    this.#name = name;
    this.#settings = settings;

    const space = new core.v1.Namespace(`${name}-namespace`, namespace(settings, getStack()), { parent: this });
    const secrets = this.#secrets(args);
    const needs = [
      ...this.#grounds(space),
      this.#account(space, args),
      ...secrets.map(({ name: secret, variables }) => {
        const manifest = podSecret(secret, settings.namespace, variables);
        return new core.v1.Secret(`${name}-${secret}`, manifest, after(this, [space]));
      }),
    ];
    const config = configMap(settings);
    this.configMap = config.metadata.name;
    const configured = new core.v1.ConfigMap(`${name}-config`, config, {
      ...after(this, [space]),
      // A pod of the revision before that restarts, or a rollback of a failed `up`, still needs the one before.
      retainOnDelete: true,
    });
    const expectation = output(args.expectation);
    this.deployed = new apps.v1.Deployment(
      `${name}-deployment`,
      deployment({
        settings,
        image: output(args.image).apply(imageByDigest),
        modelVersion: expectation.modelVersion,
        expectation: expectation.apply(expectationJson),
        configMap: config.metadata.name,
        ...(args.roleArn && { roleArn: args.roleArn }),
        secrets: secrets.map(({ name, variables }) => ({ name, digest: secretDigest(name, variables) })),
      }),
      this.#awaitedAfter([...needs, configured]),
    );
    // After the pods: the provider waits until a Service has some.
    const served = this.#awaitedAfter([this.deployed]);
    const users = new core.v1.Service(`${name}-service`, usersService(settings), served);
    this.pods = new core.v1.Service(`${name}-pods`, headlessService(settings), served);
    this.#scaling(space);
    this.#route(users);
    this.#monitoring(space);
    this.endpoint = output(serviceEndpoint(settings));
    this.registerOutputs({ endpoint: this.endpoint });
  }

  /** For what the provider waits until it is ready: as long as a rollout may take. */
  #awaitedAfter(dependsOn: Resource[]): CustomResourceOptions {
    return { ...after(this, dependsOn), customTimeouts: timeoutsAfter(this.#settings.rolloutSeconds) };
  }

  /** What guards pods before there are any. */
  #grounds(space: Resource): Resource[] {
    return networkPolicies(this.#settings).map(
      (manifest) =>
        new networking.v1.NetworkPolicy(
          `${this.#name}-policy-${manifest.metadata.name}`,
          manifest,
          after(this, [space]),
        ),
    );
  }

  #account(space: Resource, { roleArn }: WorkloadArgs): Resource {
    const { namespace, identity } = this.#settings;
    require(identity === "irsa", "roleArn", roleArn, identity);
    const account = serviceAccount({ namespace, ...(roleArn && { roleArn }) });
    return new core.v1.ServiceAccount(`${this.#name}-account`, account, after(this, [space]));
  }

  /** What pods need to know and nobody else may. */
  #secrets({ credentials, mlflowCredentials }: WorkloadArgs) {
    const { identity } = this.#settings;
    require(identity === "secret", "credentials", credentials, identity);
    return [
      ...(credentials ? [{ name: awsSecret, variables: output(credentials).apply(awsVariables) }] : []),
      ...(mlflowCredentials
        ? [{ name: mlflowSecret, variables: output(mlflowCredentials).apply(mlflowVariables) }]
        : []),
    ];
  }

  #scaling(space: Resource): void {
    const options = after(this, [space]);
    new autoscaling.v2.HorizontalPodAutoscaler(`${this.#name}-autoscaler`, autoscaler(this.#settings), options);
    new policy.v1.PodDisruptionBudget(`${this.#name}-budget`, disruptionBudget(this.#settings), options);
  }

  #route(service: Resource): void {
    const { kind } = this.#settings.route;
    // The provider waits until an Ingress has an address.
    const options = this.#awaitedAfter([service]);
    if (kind === "ingress") new networking.v1.Ingress(`${this.#name}-route`, ingress(this.#settings), options);
    if (kind === "gateway") new apiextensions.CustomResource(`${this.#name}-route`, httpRoute(this.#settings), options);
  }

  #monitoring(space: Resource): void {
    const options = after(this, [space]);
    new core.v1.ConfigMap(`${this.#name}-dashboard`, dashboard(this.#settings), options);
    if (!this.#settings.monitoring) return;
    new apiextensions.CustomResource(`${this.#name}-monitor`, serviceMonitor(this.#settings), options);
    new apiextensions.CustomResource(`${this.#name}-rules`, prometheusRule(this.#settings), options);
  }
}

function after(parent: Resource, dependsOn: Resource[]): CustomResourceOptions {
  return { parent, dependsOn };
}

function require(needed: boolean, propertyPath: "roleArn" | "credentials", got: unknown, identity: string): void {
  if (needed === (got !== undefined)) return;
  const reason = `${propertyPath}: expected ${needed ? "one" : "none"} where identity is ${identity}, got ${needed ? "none" : "one"}`;
  throw new InputPropertyError({ propertyPath, reason });
}
