import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { MlflowError } from "./error.ts";
import { FileStore } from "./file/file-store.ts";
import type { ClientOptions } from "./rest/client.ts";
import { RestStore } from "./rest/rest-store.ts";
import type { MlflowStore } from "./store.ts";

export { credentialsFrom } from "./rest/credentials.ts";

/** How to reach a server; a file store needs none of it. */
export type StoreOptions = ClientOptions;

/**
 * Opens the MLflow at a tracking URI; nothing is read or written yet.
 *
 * @param uri `http://…` or `https://…` for a server; a path or `file:…` for a file store, relative to the working folder.
 * @throws MlflowError for a URI of another kind.
 */
export function openStore(uri: string, options: StoreOptions = {}): MlflowStore {
  if (/^https?:\/\//i.test(uri)) return new RestStore(uri, options);
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(uri)?.[1]?.toLowerCase();
  if (uri.trim() === "" || (scheme !== undefined && scheme !== "file"))
    throw new MlflowError(
      `expected "http://…", "https://…", "file:…" or a path as MLflow tracking URI, got ${scheme === undefined ? '""' : `one of scheme "${scheme}"`}: ` +
        "a database is reached through its server, mlflow server --backend-store-uri",
    );
  if (scheme === undefined) return new FileStore(resolve(uri));
  return new FileStore(
    resolve(uri.startsWith("file://") ? fileURLToPath(uri) : decodeURIComponent(uri.slice("file:".length))),
  );
}
