import { readFile } from "node:fs/promises";
import type { Logger } from "pino";
import { BearerTokens } from "./bearer-tokens.ts";
import { lineTokens } from "./parse-tokens.ts";

/** The tokens of a file, which may change. */
export interface TokenFile {
  readonly tokens: BearerTokens;
  /** Ends the reading. */
  close(): void;
}

/** The tokens that open the service: those of a file, or given ones; undefined where it is open. @throws as {@link openTokenFile}. */
export async function openTokens(
  source: string | readonly string[] | undefined,
  logger: Logger,
): Promise<BearerTokens | undefined> {
  if (source === undefined) return undefined;
  return typeof source === "string" ? (await openTokenFile(source, logger)).tokens : new BearerTokens(source);
}

/** A token a line. @throws Error naming the file, what was expected and what came. */
export async function readTokenFile(file: string): Promise<readonly string[]> {
  const what = `AUTH_TOKENS_FILE: ${file}`;
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`${what}: expected a file that can be read, got ${cause.code}`, { cause });
  });
  return lineTokens(what, text);
}

/**
 * Reads a file of tokens again and again, so that others count without a restart. (It isn't watched: Kubernetes replaces
 * a mounted Secret by turning a symbolic link, of which a watch of the file isn't told.) While it is missing or wrong the
 * last good tokens count, and the log says so once.
 *
 * @param everyMs - between two readings.
 * @throws Error where it can't be read at first.
 */
export async function openTokenFile(file: string, logger: Logger, everyMs = 1000): Promise<TokenFile> {
  let known = await readTokenFile(file);
  let fault = "";
  let closed = false;
  const tokens = new BearerTokens(known);
  const look = async () => {
    try {
      const read = await readTokenFile(file);
      if (fault || read.join() !== known.join()) logger.info({ tokens: read.length }, "bearer tokens read anew");
      tokens.replace(read);
      known = read;
      fault = "";
    } catch (error) {
      const { message } = error as Error;
      if (message !== fault) logger.error(`${message}: the bearer tokens stay what they were`);
      fault = message;
    }
    if (!closed) timer.refresh();
  };
  const timer = setTimeout(look, everyMs);
  const close = () => {
    closed = true;
    clearTimeout(timer);
  };
  return { tokens, close };
}
