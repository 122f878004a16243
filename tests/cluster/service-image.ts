import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { tinyRegistry } from "../../inference/fixtures/tiny-registry.ts";
import { writeBundle } from "../../mlflow/bundle.ts";
import { build, docker } from "./docker.ts";

/** The service's images, built from a copy of the checkout. */
export interface ServiceImages {
  /** For a test's own files. */
  readonly folder: string;
  /** The copy, with secrets as a user may have them lying about in it. */
  readonly context: string;
  /** Id of the image that takes its model from MLflow. */
  readonly registry: string;
  /** Id of the image that carries version 1 of model `tiny`, of bias 0.1. */
  readonly image: string;
  remove(): Promise<void>;
}

/** A secret that is in the context, and that the build is given. */
export const token = "npm_aTokenThatNoLayerMayKeep";

/** @param options Of docker build, for the first of the builds. */
export async function buildImages(...options: readonly string[]): Promise<ServiceImages> {
  const project = join(import.meta.dirname, "../..");
  const folder = await mkdtemp(join(tmpdir(), "image-"));
  const context = join(folder, "project");
  const images: string[] = [];
  const remove = async () => {
    for (const image of images) await docker("rmi", "--force", image);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // The whole checkout, so that it is .dockerignore that keeps things out.
    const heavy = ["node_modules", "mlruns", ".git", ".pulumi-state", ".serving", ".build"];
    await cp(project, context, { recursive: true, filter: (path) => !heavy.includes(basename(path)) });
    for (const file of [".npmrc", ".env", "inference/.npmrc", "inference/token", "mlflow/.env"])
      await writeFile(join(context, file), `//registry.test/:_authToken=${token}\n`);
    await mkdir(join(context, ".git"));
    const { store, remove: removeStore } = await tinyRegistry([0.1]);
    await writeBundle(store, (await store.getVersion("tiny", "1"))!, join(context, ".build/model"));
    await removeStore();
    images.push(await build(context, `--secret=id=npmrc,src=${join(context, ".npmrc")}`, ...options));
    images.push(await build(context, "--target=image"));
    const [registry, image] = images as [string, string];
    return { folder, context, registry, image, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
