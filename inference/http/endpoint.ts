import type { Context } from "koa";
import type { Protocol } from "../prediction/protocol.ts";

/** Answers one method of one endpoint. Of a path such as `/v2/models/{model}` it gets the parts by their names. */
export type Handler = (ctx: Context, parts: Readonly<Record<string, string>>) => void | Promise<void>;

/** One path of the service. */
export interface Endpoint {
  /** As it is documented and counted: `/predict`, or `/v2/models/{model}/infer`, where a part in braces is any text without `/`. */
  readonly path: string;
  /** HEAD goes there, too. */
  readonly GET?: Handler;
  /** A prediction, which doesn't go through Koa: its requests are the many. */
  readonly POST?: Handler | Protocol;
  /** Whether it is a probe: asked every few seconds, by what has no token. */
  readonly probe?: boolean;
  /** Whether it is open to all, with or without bearer tokens, as every probe is: it tells nothing of the model. */
  readonly open?: boolean;
}

/** Whether an endpoint asks nobody for a bearer token. */
export function isOpen({ probe = false, open = false }: Endpoint): boolean {
  return probe || open;
}

/** The methods that an endpoint takes, as the header `Allow` lists them. */
export function allowedMethods({ GET, POST }: Endpoint): string {
  return [GET && "GET", GET && "HEAD", POST && "POST"].filter(Boolean).join(", ");
}
