import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DockerIgnore } from "./docker-ignore.ts";

/** The Dockerfile, relative to the project, which is the build's context. */
export const dockerfile = "inference/Dockerfile";

/** Where a model that goes into the image lies in the context: it is written right before the build. */
export const modelFolder = ".build/model";

/** Where the pods get their model: out of MLflow's registry, or out of the image itself. */
export type ModelDelivery = "registry" | "image";

/** A model as an image carries it. */
export interface ImageModel {
  readonly name: string;
  /** Number in the registry. */
  readonly version: string;
  /** SHA-256 of `model.onnx`, hex; absent where the registry doesn't say it. */
  readonly sha256?: string;
}

/** All that tells one image from another. */
export interface ImageContent {
  /** {@link contextDigest} */
  readonly context: string;
  /** As `linux/amd64`. */
  readonly platform: string;
  readonly modelDelivery: ModelDelivery;
  /** With delivery `image`. */
  readonly model?: ImageModel;
}

/**
 * The files that an image is built from: the Dockerfile, and those of the project that its .dockerignore lets through, but for
 * the model, whose bytes {@link ImageModel} tells.
 *
 * @param project The project's folder.
 * @returns Paths relative to it, with `/`, sorted.
 */
export function contextFiles(project: string): string[] {
  const ignore = new DockerIgnore(readFileSync(join(project, ".dockerignore"), "utf8"));
  const files = new Set([dockerfile]);
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(project, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (path === modelFolder) continue;
      const ignored = ignore.ignores(path);
      if (entry.isDirectory() && (!ignored || ignore.looksInto(path))) walk(path);
      else if (!entry.isDirectory() && !ignored) files.add(path);
    }
  };
  walk("");
  return [...files].sort();
}

/**
 * SHA-256, hex, of the build context's paths and contents. Times, file modes and git don't count, so every checkout of the
 * same files has the same.
 */
export function contextDigest(project: string): string {
  const entries = contextFiles(project).map((file) => [file, digestOf(readFileSync(join(project, file)))]);
  return digestOf(JSON.stringify(entries));
}

/** The tag of an image by what is in it: 16 hex digits, the same on every machine. */
export function contentTag({ context, platform, modelDelivery, model }: ImageContent): string {
  const carried = model ? [model.name, model.version, model.sha256 ?? ""] : [];
  return digestOf(JSON.stringify([context, platform, modelDelivery, ...carried])).slice(0, 16);
}

function digestOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
