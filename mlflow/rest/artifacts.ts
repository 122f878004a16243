import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { type ArtifactRepository, checkFileName } from "../artifact-repository.ts";
import { MlflowError } from "../error.ts";
import { incompleteDownload } from "../temporary.ts";
import type { Client } from "./client.ts";

const endpoint = "api/2.0/mlflow-artifacts/artifacts";

/** An entry of a folder (mlflow/protos/service.proto, FileInfo). */
interface FileInfo {
  readonly path: string;
  readonly is_dir?: boolean;
  /** Bytes; absent for a folder. */
  readonly file_size?: number | string;
}

/** Files behind the server's artifact proxy, addressed by `mlflow-artifacts:` URIs. */
export class ArtifactsApi implements ArtifactRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async upload(
    artifactUri: string,
    name: string,
    content: Uint8Array | string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const path = `${endpoint}/${encodePath(`${this.#pathOf(artifactUri)}/${name}`)}`;
    const body = typeof content === "string" ? Buffer.from(content) : content;
    await this.#client.bytes({ method: "PUT", path, body, idempotent: true, signal });
  }

  async download(artifactUri: string, dir: string): Promise<void> {
    await this.#downloadFolder(this.#pathOf(artifactUri), dir);
  }

  async #downloadFolder(folder: string, dir: string): Promise<void> {
    await mkdir(dir, { recursive: true });
    for (const { path, is_dir: isFolder, file_size: size } of await this.#list(folder)) {
      const name = posix.basename(path);
      checkFileName(name, `MLflow at ${this.#client.uri}, ${folder}`, path);
      const target = join(dir, name);
      if (isFolder) await this.#downloadFolder(`${folder}/${name}`, target);
      else await this.#downloadFile(`${folder}/${name}`, target, size);
    }
  }

  async #downloadFile(path: string, target: string, size: FileInfo["file_size"]): Promise<void> {
    const bytes = await this.#client.bytes({
      method: "GET",
      path: `${endpoint}/${encodePath(path)}`,
      idempotent: true,
    });
    // A proxy that breaks off in the middle may end its answer as if it were whole.
    if (size !== undefined && bytes.length !== Number(size))
      throw new MlflowError(
        `MLflow at ${this.#client.uri}, ${path}: expected ${size} bytes as listed, got ${bytes.length}`,
        { code: incompleteDownload },
      );
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes, { flush: true });
  }

  async #list(folder: string): Promise<readonly FileInfo[]> {
    const answer = await this.#client.json<{ files?: readonly FileInfo[] }>({
      method: "GET",
      path: endpoint,
      query: { path: folder },
      idempotent: true,
    });
    return answer.files ?? [];
  }

  /** `mlflow-artifacts:/1/models/m-…` and `mlflow-artifacts://host/1/…` both name `1/…` behind the proxy. */
  #pathOf(artifactUri: string): string {
    const path = /^mlflow-artifacts:(?:\/\/[^/]*)?\/+(.+)$/.exec(artifactUri)?.[1];
    if (path !== undefined) return path;
    throw new MlflowError(
      `MLflow at ${this.#client.uri} keeps artifacts at ${artifactUri}, out of its proxy's reach: start it with --serve-artifacts ` +
        "and --artifacts-destination, without --default-artifact-root, and use an experiment made since",
    );
  }
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
