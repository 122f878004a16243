import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resources from "@pulumi/pulumi/proto/resource_pb.js";
import { fromStruct, toStruct } from "./messages.ts";
import { type Properties, UNKNOWN } from "./values.ts";

const resourceSignature = { "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e" };

/** A resource that a component registered. */
export interface MonitoredResource {
  readonly urn: string;
  /** UNKNOWN in a preview of its creation. */
  readonly id: string;
  /** Secrets are wrapped. */
  readonly outputs: Properties;
}

/** Where and by whom a resource is registered. */
export interface Registration {
  readonly parent: string;
  /** Reference of the provider of a custom resource. */
  readonly provider?: string | undefined;
  /** References by package, for a component's children. */
  readonly providers?: Readonly<Record<string, string>>;
  /** A component has no provider of its own. @default true */
  readonly custom?: boolean;
  readonly protect?: boolean;
  readonly version?: string;
}

/** The engine's resource monitor, to which a component registers itself and its children. */
export class Monitor {
  readonly #client: services.ResourceMonitorClient;

  constructor(address: string) {
    this.#client = new services.ResourceMonitorClient(address, grpc.credentials.createInsecure());
  }

  async register(
    type: string,
    name: string,
    inputs: Properties,
    registration: Registration,
  ): Promise<MonitoredResource> {
    const { parent, provider = "", providers = {}, custom = true, protect = false, version = "" } = registration;
    const request = new resources.RegisterResourceRequest();
    request.setType(type);
    request.setName(name);
    request.setParent(parent);
    request.setCustom(custom);
    request.setProtect(protect);
    request.setProvider(provider);
    request.setVersion(version);
    for (const [key, reference] of Object.entries(providers)) request.getProvidersMap().set(key, reference);
    request.setObject(toStruct(inputs));
    request.setAcceptsecrets(true);
    request.setSupportspartialvalues(true);
    request.setAcceptresources(true);
    const response = await new Promise<resources.RegisterResourceResponse>((resolve, reject) => {
      this.#client.registerResource(request, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
    return { urn: response.getUrn(), id: response.getId() || UNKNOWN, outputs: fromStruct(response.getObject()) };
  }

  async registerOutputs(urn: string, outputs: Properties): Promise<void> {
    const request = new resources.RegisterResourceOutputsRequest();
    request.setUrn(urn);
    request.setOutputs(toStruct(outputs));
    await new Promise<void>((resolve, reject) => {
      this.#client.registerResourceOutputs(request, (error) => (error ? reject(error) : resolve()));
    });
  }

  close(): void {
    this.#client.close();
  }
}

/** An output that is a resource. */
export function reference({ urn, id }: MonitoredResource): Properties {
  return { ...resourceSignature, urn, id, packageVersion: "" };
}
