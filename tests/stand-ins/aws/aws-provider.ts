import { randomBytes } from "node:crypto";
import { declaredFailures, failures, fileOf, inputDifference } from "../bridged.ts";
import type { Provider, Subject } from "../rpc/provider.ts";
import { containsUnknown, keepSecrets, type Properties, plainProperties, UNKNOWN } from "../rpc/values.ts";
import { problems } from "../schema/check.ts";
import { Declarations } from "../schema/declarations.ts";
import type { Cloud } from "./cloud.ts";
import { ec2 } from "./ec2.ts";
import { ecr } from "./ecr.ts";
import { eks } from "./eks.ts";
import { functions } from "./functions.ts";
import { iam } from "./iam.ts";
import type { ResourceType } from "./resource-type.ts";

const types: Readonly<Record<string, ResourceType>> = { ...ecr, ...iam, ...eks, ...ec2 };

/** @pulumi/aws over a {@link Cloud} in memory. */
export function awsProvider(cloud: Cloud): Provider {
  const declared = new Declarations("aws");
  const stored = ({ type }: Subject, id: string) => cloud.resources.get(`${type}|${id}`);
  const store = ({ type }: Subject, id: string, inputs: Properties, outputs: Properties) =>
    cloud.resources.set(`${type}|${id}`, { type, inputs, outputs });
  return {
    configure(config) {
      assertConfig(cloud, config);
    },
    async check(request) {
      const { autoname, problems: rules } = typeOf(request.type);
      const inputs = { ...request.news };
      if (autoname && inputs[autoname] === undefined && inputs.namePrefix === undefined) {
        inputs[autoname] = request.olds[autoname] ?? `${request.name}-${randomBytes(4).toString("hex").slice(0, 7)}`;
      }
      const found = declaredFailures(declared, { type: request.type, news: inputs });
      const known = Object.fromEntries(
        Object.entries(plainProperties(inputs)).filter(([, value]) => !containsUnknown(value)),
      );
      return { inputs, failures: found.length > 0 ? found : failures(rules?.(known) ?? []) };
    },
    async diff({ type, oldInputs, news }) {
      const { replaceOn, autoname } = typeOf(type);
      const difference = inputDifference(oldInputs, news, replaceOn);
      // Two of one name can't be there at once.
      const replaced = [...difference.changes.values()].some((kind) => kind.endsWith("-replace"));
      return {
        ...difference,
        deleteBeforeReplace: replaced && (autoname === undefined || !difference.changes.has(autoname)),
      };
    },
    async create(request) {
      const { create } = typeOf(request.type);
      const inputs = plainProperties(request.inputs);
      if (request.preview) return { id: "", outputs: { ...unknownOutputs(declared, request.type), ...request.inputs } };
      const { id, outputs } = create(cloud, inputs);
      const live = { ...(request.type.startsWith("aws:iam/") ? {} : { region: cloud.region }), ...inputs, ...outputs };
      store(request, id, inputs, live);
      return { id, outputs: keepSecrets(live, request.inputs) };
    },
    async read(request) {
      const live = stored(request, request.id);
      return (
        live && { inputs: keepSecrets(live.inputs, request.inputs), outputs: keepSecrets(live.outputs, request.inputs) }
      );
    },
    async update(request) {
      if (request.preview) return { ...request.olds, ...request.news };
      const live = stored(request, request.id);
      if (!live)
        throw new Error(
          `${request.type} ${request.id} doesn't exist: it was deleted outside of this program, refresh first`,
        );
      const inputs = plainProperties(request.news);
      const computed = Object.fromEntries(Object.entries(live.outputs).filter(([key]) => !(key in live.inputs)));
      const outputs = { ...computed, ...inputs, ...typeOf(request.type).update?.(cloud, request.id, inputs) };
      store(request, request.id, inputs, outputs);
      return keepSecrets(outputs, request.news);
    },
    async delete(request) {
      const live = stored(request, request.id);
      if (!live) return;
      typeOf(request.type).delete?.(cloud, request.id, live.inputs);
      cloud.resources.delete(`${request.type}|${request.id}`);
    },
    async invoke(token, args) {
      const call = functions[token];
      if (!call) throw new Error(`the aws stand-in knows no function ${token}: add it under tests/stand-ins/aws`);
      const name = token.split(":").at(-1)!;
      const members = declared.interface(fileOf(token), `${name[0]!.toUpperCase()}${name.slice(1)}Args`);
      const [problem] = problems(declared, members ?? [], args);
      if (problem) throw new Error(`${token}: ${problem.path} ${problem.reason}`);
      return call(cloud, args);
    },
  };
}

/** @throws Error as Terraform's provider refuses an account; and for a region in which the stand-in knows nothing */
function assertConfig(cloud: Cloud, { region, allowedAccountIds }: Properties): void {
  const allowed = (
    typeof allowedAccountIds === "string" ? JSON.parse(allowedAccountIds) : allowedAccountIds
  ) as unknown;
  if (Array.isArray(allowed) && !allowed.includes(cloud.account)) {
    throw new Error(`AWS account ID not allowed: ${cloud.account}`);
  }
  if (region !== undefined && region !== UNKNOWN && region !== cloud.region) {
    throw new Error(
      `the aws stand-in is in ${cloud.region}: expected that region, got ${region}. Start it with { region }`,
    );
  }
}

function typeOf(type: string): ResourceType {
  const known = types[type];
  if (known) return known;
  throw new Error(`the aws stand-in knows no resource type ${type}: add it under tests/stand-ins/aws`);
}

/** Outputs that exist only once the resource does. */
function unknownOutputs(declared: Declarations, type: string): Properties {
  return Object.fromEntries(declared.outputs(fileOf(type)).map((name) => [name, UNKNOWN]));
}
