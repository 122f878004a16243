import { type Credentials, credentialsFrom } from "../mlflow/rest/credentials.ts";
import { defaultBodyLimit, defaultRowLimit } from "./app.ts";
import { type FeatureServerSettings, featureServerUsage, readFeatureServerSettings } from "./entities/settings.ts";
import { type Environment, text, whole } from "./environment.ts";
import { type AdmissionLimits, defaultAdmission } from "./http/admission.ts";
import { type HttpSettings, httpUsage, readHttpSettings } from "./http/settings.ts";
import { defaultRunRows, defaultThreads } from "./model/load-model.ts";
import { type LoadSettings, loadUsage, readLoadSettings } from "./model/load-settings.ts";
import { defaultQueueMs } from "./overloaded.ts";
import { type PayloadLogSettings, payloadLogUsage, readPayloadLogSettings } from "./payload-log/settings.ts";
import { type ReloadSettings, readReloadSettings, reloadUsage } from "./reload/settings.ts";
import { readShadowSettings, type ShadowSettings, shadowUsage } from "./shadow/settings.ts";
import { readTracingSettings, type TracingSettings, tracingUsage } from "./tracing/settings.ts";

/** What the service is told by its environment. */
export interface Settings {
  readonly http: HttpSettings;
  readonly trackingUri: string;
  /** Of the MLflow server. */
  readonly credentials: Credentials;
  readonly modelName: string;
  /** `latest`, a number or `@alias`. */
  readonly modelVersion: string;
  /** Folder of a model bundle, which then stands in for MLflow. */
  readonly modelPath: string | undefined;
  /** File with an Expectation as JSON. */
  readonly expectationFile: string | undefined;
  readonly host: string;
  readonly port: number;
  /** 0 for no metrics. */
  readonly metricsPort: number;
  readonly logLevel: string;
  readonly bodyLimit: number;
  readonly rowLimit: number;
  /** Whether features that the model doesn't know are passed over; else they are refused. */
  readonly ignoreUnknown: boolean;
  readonly runRows: number;
  /** How long rows may wait for others to share their run. */
  readonly waitMs: number;
  readonly admission: AdmissionLimits;
  /** How long a prediction may wait for its turn. */
  readonly queueMs: number;
  /** ONNX Runtime's threads within one run. */
  readonly threads: number;
  readonly featureServer: FeatureServerSettings;
  readonly drainTimeoutMs: number;
  readonly load: LoadSettings;
  readonly reload: ReloadSettings;
  readonly shadow: ShadowSettings | undefined;
  /** Absent where predictions aren't kept. */
  readonly payloadLog: PayloadLogSettings | undefined;
  /** Absent where nothing asks for traces. */
  readonly tracing: TracingSettings | undefined;
}

const levels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

export const usage = `Serves one model version over HTTP: GET /health /live /metadata, POST /predict /batch_predict.

  npm run serve

Environment:
  MLFLOW_TRACKING_URI     MLflow server (http://…) or file store folder   ./mlruns
  MLFLOW_TRACKING_TOKEN   or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD: how to sign in there
  AWS_REGION              of artifacts in S3, which the AWS SDK's own variables give access to
  MODEL_NAME              registered model                                churn_predictor_feast
  MODEL_VERSION           latest, a number or @alias                      latest
  MODEL_PATH              folder of a model bundle, as images carry it: MLflow is asked for nothing then
  MODEL_EXPECTATION_FILE  JSON: the version, sha256 and golden sample that the model must have; set aside, with a
                          warning, where MODEL_VERSION is another number than its own
  MODEL_THREADS           threads of one run: the cores, up to 4          ${defaultThreads}
${loadUsage}${reloadUsage}${shadowUsage}  HOST                    address to listen on; 0.0.0.0 for all           127.0.0.1
  PORT                    port to listen on                               8080
  METRICS_PORT            port of GET /metrics for Prometheus; 0 for none 0
  LOG_LEVEL               ${levels.join(", ")}    info
  MAX_BODY_BYTES          bytes of a request body                         ${defaultBodyLimit}
  MAX_ROWS                rows of a request                               ${defaultRowLimit}
  MAX_RUN_ROWS            rows of one run; larger requests take several   ${defaultRunRows}
  MAX_WAIT_MS             how long rows that don't come alone may wait
                          for others to share their run                   0
  MAX_WAITING_REQUESTS    predictions that wait; beyond it they are 503   ${defaultAdmission.requests}
  MAX_WAITING_ROWS        their rows                                      ${defaultAdmission.rows}
  MAX_WAITING_BYTES       their bodies' bytes                             ${defaultAdmission.bytes}
  MAX_QUEUE_MS            how long they wait for their turn               ${defaultQueueMs}
  UNKNOWN_FEATURES        of a request: refuse, or ignore                 refuse
${featureServerUsage}${httpUsage}  DRAIN_SECONDS           how long SIGTERM waits for requests             30
${payloadLogUsage}${tracingUsage}
It is ready (/health 200) once the model's sha256 is the expected one and its golden sample comes back equal.
SIGTERM and SIGINT let open requests finish. Exit status: 0 drained, 1 model or port not to be had, 2 wrong settings.
`;

/** @throws Error naming the variable, what was expected and what came. */
export function readSettings(env: Environment): Settings {
  const port = whole(env, "PORT", 8080, 0, 65_535);
  const metricsPort = whole(env, "METRICS_PORT", 0, 0, 65_535);
  if (metricsPort !== 0 && metricsPort === port)
    throw new Error(`METRICS_PORT: expected another port than PORT, got ${metricsPort} for both`);
  return {
    http: readHttpSettings(env),
    trackingUri: env.MLFLOW_TRACKING_URI || "./mlruns",
    credentials: credentialsFrom(env),
    modelName: env.MODEL_NAME || "churn_predictor_feast",
    modelVersion: text(env, "MODEL_VERSION", "latest", /^(latest|[1-9]\d*|@.+)$/, "latest, a number or @alias"),
    modelPath: env.MODEL_PATH || undefined,
    expectationFile: env.MODEL_EXPECTATION_FILE || undefined,
    host: env.HOST || "127.0.0.1",
    port,
    metricsPort,
    logLevel: text(env, "LOG_LEVEL", "info", new RegExp(`^(${levels.join("|")})$`), levels.join(", ")),
    bodyLimit: whole(env, "MAX_BODY_BYTES", defaultBodyLimit, 1, 2 ** 29),
    rowLimit: whole(env, "MAX_ROWS", defaultRowLimit, 1, 10_000_000),
    ignoreUnknown: text(env, "UNKNOWN_FEATURES", "refuse", /^(refuse|ignore)$/, "refuse or ignore") === "ignore",
    admission: {
      requests: whole(env, "MAX_WAITING_REQUESTS", defaultAdmission.requests, 1, 1_000_000),
      rows: whole(env, "MAX_WAITING_ROWS", defaultAdmission.rows, 1, 2 ** 31),
      bytes: whole(env, "MAX_WAITING_BYTES", defaultAdmission.bytes, 1, 2 ** 40),
    },
    queueMs: whole(env, "MAX_QUEUE_MS", defaultQueueMs, 1, 3_600_000),
    waitMs: whole(env, "MAX_WAIT_MS", 0, 0, 1000),
    runRows: whole(env, "MAX_RUN_ROWS", defaultRunRows, 1, 10_000_000),
    threads: whole(env, "MODEL_THREADS", defaultThreads, 1, 256),
    featureServer: readFeatureServerSettings(env),
    drainTimeoutMs: whole(env, "DRAIN_SECONDS", 30, 0, 3600) * 1000,
    load: readLoadSettings(env),
    reload: readReloadSettings(env),
    shadow: readShadowSettings(env),
    payloadLog: readPayloadLogSettings(env),
    tracing: readTracingSettings(env),
  };
}
