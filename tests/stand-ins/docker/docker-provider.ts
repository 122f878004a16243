import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Cloud } from "../aws/cloud.ts";
import { canonical, declaredFailures } from "../bridged.ts";
import type { ChangeKind, CheckFailure, Provider } from "../rpc/provider.ts";
import { isObject, keepSecrets, type Properties, plainProperties, UNKNOWN } from "../rpc/values.ts";
import { Declarations } from "../schema/declarations.ts";
import { contextDigest } from "./context-digest.ts";
import { type Builder, type ImageBuild, imageParts } from "./image-build.ts";

const image = "docker:index/image:Image";

/** Of what {@link dockerProvider} is made. */
export interface DockerOptions {
  /** Folder of the Pulumi project, which paths are relative to. */
  readonly project: () => string;
  /** Registry that pushes go to, if the image's name is of it. */
  readonly cloud: Cloud;
  readonly builder: Builder;
}

/**
 * @pulumi/docker's Image: it builds and pushes when created and at each update, an update being any change of its inputs but
 * the registry's credentials; it never deletes a tag, and knows nothing before the build. Source: pulumi-docker, provider.go
 */
export function dockerProvider({ project, cloud, builder }: DockerOptions): Provider {
  const declared = new Declarations("docker");
  const build = async (wire: Properties): Promise<Properties> => {
    const inputs = plainProperties(wire);
    const wanted = imageBuild(inputs, project());
    const { repository, tag } = imageParts(wanted.imageName);
    const name = cloud.repositoryOf(repository);
    if (name !== undefined && !wanted.skipPush) cloud.assertPushable(name, tag);
    const { digest } = await builder(wanted);
    if (name !== undefined && !wanted.skipPush) cloud.push(name, tag, digest);
    return keepSecrets(
      {
        __inputs: inputs,
        baseImageName: wanted.imageName,
        context: (inputs.build as Properties).context,
        dockerfile: (inputs.build as Properties).dockerfile,
        imageName: wanted.imageName,
        platform: wanted.platform,
        registryServer: wanted.registry.server ?? "",
        repoDigest: wanted.skipPush ? digest : `${repository}@${digest}`,
      },
      { __inputs: wire },
    );
  };
  return {
    async check({ type, news }) {
      if (type !== image)
        throw new Error(`the docker stand-in knows no resource type ${type}: add it under tests/stand-ins/docker`);
      const failures: CheckFailure[] = declaredFailures(declared, { type, news });
      const given = (isObject(news.build) ? news.build : {}) as Record<string, unknown>;
      const paths = { context: ".", dockerfile: "Dockerfile", platform: "linux/amd64", ...given };
      const checked = { ...news, buildOnPreview: news.buildOnPreview ?? false, build: paths };
      if (failures.length > 0 || [paths.context, paths.dockerfile].includes(UNKNOWN))
        return { inputs: checked, failures };
      const [context, dockerfile] = [resolve(project(), paths.context), resolve(project(), paths.dockerfile)];
      if (!existsSync(dockerfile))
        throw new Error(`could not open dockerfile at relative path ${JSON.stringify(paths.dockerfile)}`);
      return { inputs: { ...checked, build: { ...paths, contextDigest: await contextDigest(context, dockerfile) } } };
    },
    async diff({ olds, news }) {
      const before = plainProperties((olds.__inputs ?? {}) as Properties);
      const after = plainProperties(news);
      const changes = new Map<string, ChangeKind>();
      for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
        if (comparable(key, before[key]) === comparable(key, after[key])) continue;
        changes.set(key, before[key] === undefined ? "add" : after[key] === undefined ? "delete" : "update");
      }
      return { changes };
    },
    async create({ inputs, preview }) {
      // As the real one: a preview gives the inputs, so what isn't among them is unknown.
      if (preview) return { id: "", outputs: inputs };
      return { id: String(plainProperties(inputs).imageName), outputs: await build(inputs) };
    },
    async read({ inputs, outputs }) {
      return { inputs, outputs };
    },
    async update({ news, preview }) {
      return preview ? news : build(news);
    },
    async delete() {},
  };
}

/** User and password of the registry change with each token, and aren't part of the image. */
function comparable(key: string, value: unknown): string | undefined {
  return canonical(key === "registry" && isObject(value) ? { server: value.server } : value);
}

function imageBuild(inputs: Properties, project: string): ImageBuild {
  const build = inputs.build as Record<string, string> & { args?: Record<string, string> };
  return {
    imageName: inputs.imageName as string,
    context: resolve(project, build.context!),
    dockerfile: resolve(project, build.dockerfile!),
    contextDigest: build.contextDigest!,
    platform: build.platform!,
    target: build.target,
    args: build.args ?? {},
    network: build.network,
    skipPush: inputs.skipPush === true,
    registry: (inputs.registry ?? {}) as ImageBuild["registry"],
  };
}
