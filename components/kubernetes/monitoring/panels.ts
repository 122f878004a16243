import { driftLimit, errorRatioLimit, latencyLimitSeconds } from "./alerts.ts";
import { seriesLabels } from "./selector.ts";

/** A panel of the dashboard, before it has a place. */
export interface Panel {
  readonly title: string;
  readonly description?: string;
  readonly type: "timeseries" | "table";
  /** Grafana's name of the unit. */
  readonly unit?: string;
  /** Draws a line where people are told. */
  readonly limit?: number;
  /** PromQL, and how a series is called. */
  readonly queries: readonly (readonly [expression: string, legend: string])[];
}

/** What is worth seeing of a workload, by rows of the dashboard. */
export function panels(namespace: string): Readonly<Record<string, readonly Panel[]>> {
  const own = seriesLabels(namespace);
  const requests = `http_requests_total{${own}`;
  const predictions = `${requests},route=~"/predict|/batch_predict"`;
  const durations = `rate(http_request_duration_seconds_bucket{${own},route="/predict"}[5m])`;
  const runs = `rate(ml_inference_duration_seconds_bucket{${own}}[5m])`;
  const series = (title: string, queries: Panel["queries"], more: Partial<Panel> = {}): Panel => ({
    title,
    type: "timeseries",
    queries,
    ...more,
  });
  return {
    Requests: [
      series("Requests", [[`sum by (route, status) (rate(${requests}}[5m]))`, "{{route}} {{status}}"]], {
        unit: "reqps",
      }),
      series(
        "Failed predictions",
        [[`sum(rate(${predictions},status=~"5.."}[5m])) / sum(rate(${predictions}}[5m]))`, "5xx"]],
        {
          unit: "percentunit",
          limit: errorRatioLimit,
        },
      ),
      series(
        "Latency of /predict",
        [0.5, 0.95, 0.99].map((p) => [`histogram_quantile(${p}, sum by (le) (${durations}))`, `p${p * 100}`] as const),
        { unit: "s", limit: latencyLimitSeconds },
      ),
      series("Rows predicted", [[`sum(rate(ml_prediction_rows_total{${own}}[5m]))`, "rows/s"]], { unit: "rowsps" }),
    ],
    Inference: [
      series(
        "Runs of the model",
        [0.5, 0.99].map((p) => [`histogram_quantile(${p}, sum by (le) (${runs}))`, `p${p * 100}`] as const),
        { unit: "s", description: "How long one run holds up its pod." },
      ),
      series(
        "Rows a run",
        [
          [mean(own, "ml_batch_rows"), "rows"],
          [mean(own, "ml_batch_requests"), "requests"],
        ],
        {
          description: "What concurrent requests share: the more, the busier.",
        },
      ),
      series("Rows waiting", [[`ml_queued_rows{${own}}`, "{{pod}}"]]),
    ],
    Predictions: [
      series("By class", [[`sum by (class) (rate(ml_predictions_total{${own}}[5m]))`, "{{class}}"]], {
        unit: "rowsps",
        description: "Of a classifier, by class.",
      }),
      series("Mean probability", [[mean(own, "ml_prediction_probability"), "mean"]], {
        unit: "percentunit",
        description: "Of the second of two classes, or of the likeliest of more.",
      }),
    ],
    Model: [
      {
        title: "Models served",
        description: "Pods by the model they serve: two rows outside of a rollout are a rollout that got stuck.",
        type: "table",
        queries: [[`count by (name, version, sha256) (ml_model_info{${own}})`, ""]],
      },
      series("Feature drift", [[`avg by (feature) (ml_feature_psi{${own}})`, "{{feature}}"]], {
        description: "Population stability index against the training data.",
        limit: driftLimit,
      }),
      series("Missing values", [[`avg by (feature) (ml_feature_missing_ratio{${own}})`, "{{feature}}"]], {
        unit: "percentunit",
      }),
    ],
    Pods: [
      series("CPU", [[`rate(process_cpu_seconds_total{${own}}[5m])`, "{{pod}}"]], { description: "Cores." }),
      series("Memory", [[`process_resident_memory_bytes{${own}}`, "{{pod}}"]], { unit: "bytes" }),
      series("Event loop lag", [[`nodejs_eventloop_lag_seconds{${own}}`, "{{pod}}"]], { unit: "s" }),
      series("Pods with a model", [[`count(ml_model_info{${own}})`, "pods"]]),
    ],
  };
}

/** Mean of what a histogram observed. */
function mean(own: string, metric: string): string {
  return `sum(rate(${metric}_sum{${own}}[5m])) / sum(rate(${metric}_count{${own}}[5m]))`;
}
