import { MlflowError } from "../error.ts";

/** How MLflow's clients authenticate: a bearer token, or a user and a password. */
export interface Credentials {
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
}

/** The credentials that MLflow's own clients take from an environment; empty variables count as absent. */
export function credentialsFrom(environment: Readonly<Record<string, string | undefined>>): Credentials {
  const {
    MLFLOW_TRACKING_TOKEN: token,
    MLFLOW_TRACKING_USERNAME: username,
    MLFLOW_TRACKING_PASSWORD: password,
  } = environment;
  return { ...(token ? { token } : {}), ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

/**
 * Takes the credentials out of a server's address, as they would show in every message that names it.
 *
 * @throws MlflowError for an address that is none.
 */
export function splitAddress(address: string): { uri: string; credentials: Credentials } {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    // Without the cause, which quotes the address and what is secret in it.
    throw new MlflowError("expected the address of an MLflow server such as http://localhost:5000, got something else");
  }
  const { username, password } = url;
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
  return {
    uri: url.href.replace(/\/+$/, ""),
    credentials:
      username === "" ? {} : { username: decodeURIComponent(username), password: decodeURIComponent(password) },
  };
}

/** The Authorization header; user and password go before the token, as in mlflow/utils/rest_utils.py. */
export function authorization({ token, username, password }: Credentials): Record<string, string> {
  if (username !== undefined && password !== undefined)
    return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
