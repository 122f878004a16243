import { MlflowError } from "../error.ts";

/**
 * The error that an answer of another status than 2xx means.
 *
 * @param what The request in words, such as `GET runs/get`.
 * @param address Where it was sent, where that isn't the server's own address.
 */
export function answerError(uri: string, what: string, status: number, body: string, address = uri): MlflowError {
  if (status === 403 && /invalid host header/i.test(body)) return hostError(uri, address, status);
  const { error_code: code, message } = parseError(body);
  if (message !== undefined) return new MlflowError(`MLflow at ${uri}, ${what}: ${message}`, { code, status });
  const hint =
    status === 401 || status === 403
      ? "does it want MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD?"
      : "is this the address of an MLflow server?";
  return new MlflowError(`MLflow at ${uri}, ${what}: answered ${status} ${excerpt(body)}: ${hint}`, { status });
}

/** The error for a body that is no JSON where JSON was due. */
export function notJsonError(uri: string, what: string, status: number, body: string, cause: unknown): MlflowError {
  return new MlflowError(
    `MLflow at ${uri}, ${what}: expected JSON, got ${excerpt(body)}: is this the address of an MLflow server?`,
    { status, cause },
  );
}

/** MLflow 3 answers only to loopback and private addresses until it is told otherwise. */
function hostError(uri: string, address: string, status: number): MlflowError {
  const { host } = new URL(address);
  const { hostname } = new URL(uri);
  return new MlflowError(
    `MLflow at ${uri} refuses requests to the host "${host}": start it with --allowed-hosts "${hostname}:*,localhost:*,127.0.0.1:*" ` +
      "(or MLFLOW_SERVER_ALLOWED_HOSTS), which replaces its default of loopback and private addresses",
    { status },
  );
}

function parseError(body: string): { error_code?: string; message?: string } {
  try {
    const value = JSON.parse(body);
    return typeof value === "object" && value !== null && typeof value.message === "string" ? value : {};
  } catch {
    return {};
  }
}

function excerpt(body: string): string {
  const text = body.replace(/\s+/g, " ").trim();
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
