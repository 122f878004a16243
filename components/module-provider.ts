import type { dynamic } from "@pulumi/pulumi";

/** What a module named to {@link moduleProvider} exports as `provider`: every method, none optional. */
export type ProviderModule<Inputs, Outputs> = Required<Omit<dynamic.ResourceProvider<Inputs, Outputs>, "configure">>;

/**
 * A dynamic provider that holds no code of its own: each method imports `module` from the project that runs and calls it there.
 *
 * Pulumi keeps a dynamic provider's code in the state and runs that copy on refresh and delete. This copy is the same for
 * every version of the project, so a change of the code is never a change of a resource, and refresh and destroy run
 * today's code, in a clone that was moved too.
 *
 * @param module Path of a module that exports {@link ProviderModule} as `provider`, relative to the project's folder, which
 *   is the working directory of Pulumi's provider process.
 */
export function moduleProvider(module: string): dynamic.ResourceProvider {
  const call = async (method: string, args: unknown[]) => {
    // Here and not in a module of its own: an older Node can't import one in TypeScript.
    if (Number(process.versions.node.split(".")[0]) < 24) {
      const use = "use npm run pulumi, or put node_modules/.bin first on PATH";
      throw new Error(`Node.js 24 or newer is needed, and this is ${process.version}: ${use}`);
    }
    const { pathToFileURL } = await import("node:url");
    const { provider } = await import(pathToFileURL(`${process.cwd()}/${module}`).href);
    return provider[method](...args);
  };
  return {
    check: (olds, news) => call("check", [olds, news]),
    diff: (id, olds, news) => call("diff", [id, olds, news]),
    create: (inputs) => call("create", [inputs]),
    read: (id, props) => call("read", [id, props]),
    update: (id, olds, news) => call("update", [id, olds, news]),
    delete: (id, props) => call("delete", [id, props]),
  };
}
