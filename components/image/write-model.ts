import { writeBundle } from "../../mlflow/bundle.ts";
import { type StackStore, withStackStore } from "../stack-store.ts";

/** Writes a version from a stack's MLflow into a folder, for an image that carries it. */
export function modelWriter(where: StackStore): (name: string, version: string, folder: string) => Promise<void> {
  return (name, number, folder) =>
    withStackStore(where, async (store) => {
      const version = await store.getVersion(name, number);
      if (!version) throw new Error(`${store.uri} has no version ${number} of ${name} any more: run up again`);
      await writeBundle(store, version, folder);
    });
}
