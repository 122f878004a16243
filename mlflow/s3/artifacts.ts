import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ArtifactRepository } from "../artifact-repository.ts";
import { MlflowError } from "../error.ts";
import { connectS3, type S3Connection } from "./client.ts";
import { type S3Action, s3Error } from "./error.ts";
import type { Environment } from "./identity.ts";
import { keyPrefix, pathWithin, type S3Location, s3Location, s3Uri } from "./location.ts";

export interface S3Options {
  /**
   * Longest silence of a connection, in ms.
   *
   * @default 60000
   */
  readonly timeoutMs?: number;
  /** @default process.env */
  readonly environment?: Environment;
}

/** How often an object is asked for whose content breaks off; the SDK repeats only until the content begins. */
const readAttempts = 3;

/** How many objects are read at the same time. */
const readers = 8;

/** Files in S3, addressed by `s3://bucket/prefix` URIs, with the ambient identity of this process. */
export class S3Artifacts implements ArtifactRepository {
  readonly #environment: Environment;
  readonly #timeoutMs: number;
  #connection: Promise<S3Connection> | undefined;

  constructor({ environment = process.env, timeoutMs = 60_000 }: S3Options = {}) {
    this.#environment = environment;
    this.#timeoutMs = timeoutMs;
  }

  async upload(
    artifactUri: string,
    name: string,
    content: Uint8Array | string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const location = s3Location(artifactUri);
    const key = `${keyPrefix(location)}${name}`;
    const body = typeof content === "string" ? Buffer.from(content) : content;
    await this.#attempt({ verb: "write", location, key }, signal, async ({ sdk, client }) => {
      const put = new sdk.PutObjectCommand({ Bucket: location.bucket, Key: key, Body: body });
      await client.send(put, signal ? { abortSignal: signal } : {});
    });
  }

  async download(artifactUri: string, dir: string): Promise<void> {
    const location = s3Location(artifactUri);
    const keys = await this.#list(location);
    if (keys.length === 0)
      throw new MlflowError(`${s3Uri(location)}: expected the files of an artifact, found none: was it deleted?`);
    const files = keys.map((key) => ({ key, target: join(dir, pathWithin(location, key)) }));
    const pending = files.values();
    let failure: unknown;
    const read = async () => {
      for (const { key, target } of pending) {
        if (failure !== undefined) return;
        await this.#read({ verb: "read", location, key }, target).catch((error) => {
          failure ??= error;
        });
      }
    };
    // Also after a failure it waits for all of them, so that none writes into a folder which the caller removes.
    await Promise.all(Array.from({ length: readers }, read));
    if (failure !== undefined) throw failure;
  }

  /** The keys of all objects but the empty ones that consoles make to show a folder. */
  async #list(location: S3Location): Promise<string[]> {
    return this.#attempt({ verb: "list", location }, undefined, async ({ sdk, client }) => {
      const keys: string[] = [];
      const request = { Bucket: location.bucket, Prefix: keyPrefix(location) };
      for await (const { Contents = [] } of sdk.paginateListObjectsV2({ client }, request))
        for (const { Key = "" } of Contents) if (!Key.endsWith("/")) keys.push(Key);
      return keys;
    });
  }

  async #read(action: S3Action & { readonly key: string }, target: string): Promise<void> {
    await this.#attempt(action, undefined, async ({ sdk, client }) => {
      await mkdir(dirname(target), { recursive: true });
      for (let attempt = 1; ; attempt++) {
        const get = new sdk.GetObjectCommand({ Bucket: action.location.bucket, Key: action.key });
        const { Body } = await client.send(get);
        try {
          await pipeline(Body as Readable, createWriteStream(target, { flush: true }));
          return;
        } catch (error) {
          if (attempt >= readAttempts) throw error;
        }
      }
    });
  }

  async #attempt<T>(
    action: S3Action,
    signal: AbortSignal | undefined,
    work: (connection: S3Connection) => Promise<T>,
  ): Promise<T> {
    this.#connection ??= connectS3(this.#environment, this.#timeoutMs);
    try {
      return await work(await this.#connection);
    } catch (error) {
      signal?.throwIfAborted();
      throw s3Error(action, error, this.#environment);
    }
  }
}
