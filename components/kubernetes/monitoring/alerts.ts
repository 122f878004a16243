import { app } from "../names.ts";
import { seriesLabels } from "./selector.ts";

/** One alert, and the file in docs/runbooks that says what to do about it. */
export interface Alert {
  readonly name: string;
  readonly runbook: string;
  readonly severity: "critical" | "warning";
  /** PromQL: fires where it has a value. */
  readonly expression: string;
  /** How long it has to hold, in Prometheus' notation. */
  readonly for: string;
  readonly summary: string;
  readonly description: string;
}

/** Share of predict requests answered with 5xx above which people are told. */
export const errorRatioLimit = 0.01;

/** Seconds within which 99 of 100 requests to /predict are to be answered: a bound of the histogram's, so that nothing is guessed. */
export const latencyLimitSeconds = 0.2;

/** Population stability index above which a feature counts as shifted (Siddiqi 2006: 0.1 to 0.25 is a minor shift). */
export const driftLimit = 0.2;

/** The alerts of a workload. */
export function alerts(namespace: string): readonly Alert[] {
  const own = seriesLabels(namespace);
  const predictions = `http_requests_total{${own},route=~"/predict|/batch_predict"`;
  const ready = `kube_deployment_status_replicas_ready{namespace="${namespace}",deployment="${app}"}`;
  return [
    {
      name: "MlInferenceErrorRatio",
      runbook: "error-ratio",
      severity: "critical",
      expression: `sum(rate(${predictions},status=~"5.."}[5m])) / sum(rate(${predictions}}[5m])) > ${errorRatioLimit}`,
      for: "5m",
      summary: "Predictions fail",
      description: `{{ $value | humanizePercentage }} of the predict requests of the last 5 minutes were answered with 5xx; ${errorRatioLimit * 100} % is the limit.`,
    },
    {
      name: "MlInferenceLatency",
      runbook: "latency",
      severity: "warning",
      expression: `histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{${own},route="/predict"}[5m]))) > ${latencyLimitSeconds}`,
      for: "10m",
      summary: "Predictions are slow",
      description: `One in a hundred requests to /predict took longer than {{ $value | humanizeDuration }}; ${latencyLimitSeconds * 1000} ms is the limit.`,
    },
    {
      name: "MlInferenceNoReadyPod",
      runbook: "no-ready-pod",
      severity: "critical",
      // By kube-state-metrics where there is one, else by the pods' own word that a model is loaded: never by both, as two
      // alerts of one cause.
      expression: `${ready} == 0 or (absent(ml_model_info{${own}}) unless on() ${ready})`,
      for: "1m",
      summary: "Nothing answers predictions",
      description: `No pod of ${app} in ${namespace} is ready.`,
    },
    {
      name: "MlInferenceFeatureDrift",
      runbook: "feature-drift",
      severity: "warning",
      expression: `avg by (feature) (ml_feature_psi{${own}}) > ${driftLimit}`,
      for: "30m",
      summary: "A feature is no longer what the model was trained on",
      description: `{{ $labels.feature }} has a population stability index of {{ $value | humanize }} against the training data; ${driftLimit} is the limit.`,
    },
  ];
}
