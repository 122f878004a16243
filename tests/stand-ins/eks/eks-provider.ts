import { failures } from "../bridged.ts";
import { Monitor } from "../rpc/monitor.ts";
import type { Constructed, ConstructRequest, Provider } from "../rpc/provider.ts";
import { problems } from "../schema/check.ts";
import { Declarations } from "../schema/declarations.ts";
import { constructCluster } from "./cluster.ts";
import { constructManagedNodeGroup } from "./managed-node-group.ts";

/** Makes a component's children and gives its outputs. */
export type Construct = (request: ConstructRequest, component: Component) => Promise<Record<string, unknown>>;

/** The component that is being made. */
export interface Component {
  readonly urn: string;
  readonly monitor: Monitor;
}

const components: Readonly<Record<string, Construct>> = {
  "eks:index:Cluster": constructCluster,
  "eks:index:ManagedNodeGroup": constructManagedNodeGroup,
};

/** @pulumi/eks, whose resources are components: their children are made by the provider of aws. */
export function eksProvider(): Provider {
  const declared = new Declarations("eks");
  const refuse = async (): Promise<never> => {
    throw new Error("@pulumi/eks has components only");
  };
  return {
    check: refuse,
    diff: refuse,
    create: refuse,
    read: refuse,
    update: refuse,
    delete: refuse,
    async construct(request): Promise<Constructed> {
      const { type, name, inputs, parent, providers, protect } = request;
      const construct = components[type];
      if (!construct) throw new Error(`the eks stand-in knows no component ${type}: add it under tests/stand-ins/eks`);
      const component = type.split(":").at(-1)!;
      const file = component[0]!.toLowerCase() + component.slice(1);
      const [failure] = failures(problems(declared, declared.interface(file, `${component}Args`) ?? [], inputs));
      if (failure) throw new Error(`${type} ${name}: ${failure.reason}`);
      const monitor = new Monitor(request.monitor);
      try {
        const { urn } = await monitor.register(type, name, {}, { parent, providers, protect, custom: false });
        const outputs = await construct(request, { urn, monitor });
        await monitor.registerOutputs(urn, outputs);
        return { urn, outputs };
      } finally {
        monitor.close();
      }
    },
  };
}
