import { MlflowError } from "./error.ts";

/** Code of a file that came with fewer or more bytes than it has. */
export const incompleteDownload = "INCOMPLETE_DOWNLOAD";

/**
 * Codes of what happens between here and a server: the system's, undici's (a lost connection, an answer cut off), its HTTP
 * parser's (an answer that is garbled) and the AWS SDK's. Not among them: certificates and protocols, which don't change
 * by themselves.
 */
const onTheWay =
  /^(EAI_AGAIN|ECONNABORTED|ECONNREFUSED|ECONNRESET|EHOSTDOWN|EHOSTUNREACH|ENETDOWN|ENETUNREACH|ENOTFOUND|EPIPE|ETIMEDOUT|UND_ERR_\w+|HTTPParserError|TimeoutError|RequestTimeout)$/;

/**
 * Whether a failure may pass by itself, so that asking again later makes sense: MLflow, or what keeps its artifacts, is
 * down, hangs, is overloaded, or something that stands in its place (a proxy, a sign-in page) answers. Not so where it
 * answers and refuses: no such model or version, wrong credentials, a forbidden host.
 */
export function isTemporary(error: unknown): boolean {
  if (!(error instanceof MlflowError)) return false;
  const { status, code, cause } = error;
  if (code === incompleteDownload || onTheWay.test(code ?? "")) return true;
  if (status === undefined) return false;
  // A 404 that has none of MLflow's codes is somebody else's.
  if (status === 404) return code === undefined;
  return status === 408 || status === 429 || status >= 500 || (status < 300 && cause instanceof SyntaxError);
}
