import * as pulumi from "@pulumi/pulumi";

const provider: pulumi.dynamic.ResourceProvider = {
  diff: async (_id, olds, news) => (await load()).diff(olds, news),
  create: async (inputs) => (await load()).create(inputs),
  update: async (_id, _olds, news) => (await load()).create(news),
};

async function load() {
  const { pathToFileURL } = await import("node:url");
  return import(pathToFileURL(`${process.cwd()}/provider.ts`).href);
}

/** Stands in for the model: its version is the labels'. */
class TrainedModel extends pulumi.dynamic.Resource {
  declare readonly version: pulumi.Output<string>;
  constructor(args: object, options: pulumi.CustomResourceOptions) {
    super(provider, "trainer-model", { ...args, version: undefined }, options, "pipeline", "TrainedModel");
  }
}

export class Trainer extends pulumi.ComponentResource {
  readonly version: pulumi.Output<string>;
  constructor(args: { labels: string; trees: number; failure: string }, { protect }: { protect: boolean }) {
    super("pipeline:trainer:Trainer", "trainer");
    this.version = new TrainedModel(args, { parent: this, protect }).version;
  }
}

export class Server extends pulumi.dynamic.Resource {
  declare readonly modelVersion: pulumi.Output<string>;
  declare readonly endpoint: pulumi.Output<string>;
  constructor(args: { modelVersion: pulumi.Input<string> }, options: pulumi.CustomResourceOptions) {
    super(provider, "inference-server", { ...args, endpoint: undefined }, options, "pipeline", "LocalServer");
  }
}

export class Verification extends pulumi.dynamic.Resource {
  constructor(args: { modelVersion: pulumi.Input<string> }, options: pulumi.CustomResourceOptions) {
    super(provider, "inference-verification", args, options, "pipeline", "Verification");
  }
}
