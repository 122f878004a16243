import type { Expectation } from "../../mlflow/expectation.ts";

/** What a supervisor runs: which code, with which environment, for which model. */
export interface ServeSpec {
  /** The Node that runs it. */
  readonly execPath: string;
  /** Absolute path of `inference/serve.ts`, so that an updated or moved clone rolls to its own code. */
  readonly entry: string;
  /**
   * The instance's whole environment, {@link instanceEnvironment}; it stays in memory. Model, expectation, host and port
   * are set by the supervisor.
   */
  readonly env: Readonly<Record<string, string>>;
  /** What the instance must prove before it gets a connection. */
  readonly expectation: Expectation;
}

/** Of a supervisor, as it tells it itself. */
export interface SupervisorStatus {
  /** `restarting`: the instance ended by itself and another isn't ready yet; `starting`: there was none yet. */
  readonly state: "serving" | "restarting" | "starting" | "stopping";
  /** Whether the instance says it is healthy. */
  readonly ready: boolean;
  readonly host: string;
  readonly port: number;
  /** The supervisor's. */
  readonly pid: number;
  /** The serving instance's; absent while there is none. */
  readonly instancePid?: number;
  readonly modelName?: string;
  readonly modelVersion?: string;
  /** Of the model that serves, or is to serve. */
  readonly sha256?: string;
  /** Since the supervisor started. */
  readonly uptimeMs: number;
  /** How often an instance ended by itself since the last roll. */
  readonly restarts: number;
  /** Why the last instance ended or couldn't start; absent while all is well. */
  readonly lastError?: string;
}

const passed =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_.*|TZ|TMPDIR|NODE_.*|SSL_CERT_.*|(HTTP|HTTPS|NO|ALL)_PROXY|MLFLOW_.*|LOG_LEVEL|MAX_.*|(HEADER|ANSWER)_TIMEOUT_SECONDS|(KEEP_ALIVE|DRAIN)_SECONDS|UNKNOWN_FEATURES|SHADOW_.*|OTEL_.*|PAYLOAD_LOG_.*)$/i;

/**
 * What an instance gets of a shell's environment: the way to Node, to MLflow with its credentials, and the service's own
 * settings; nothing else, above all no other program's secrets.
 */
export function instanceEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && passed.test(entry[0])),
  );
}
