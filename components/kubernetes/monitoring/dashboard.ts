import type { types } from "@pulumi/kubernetes";
import { ownedMetadata } from "../metadata.ts";
import type { WorkloadSettings } from "../workload-settings.ts";
import { type Panel, panels } from "./panels.ts";

const columns = 24;
const height = 8;

/** A Grafana dashboard, as its sidecar finds it: in a ConfigMap with the label `grafana_dashboard`. */
export function dashboard({ namespace }: Pick<WorkloadSettings, "namespace">) {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: ownedMetadata("ml-inference-dashboard", namespace, { labels: { grafana_dashboard: "1" } }),
    data: { "ml-inference.json": JSON.stringify(grafanaDashboard(namespace), undefined, 1) },
  } satisfies types.input.core.v1.ConfigMap;
}

function grafanaDashboard(namespace: string) {
  return {
    uid: "ml-inference",
    title: "ML inference",
    tags: ["ml-inference"],
    schemaVersion: 39,
    editable: false,
    refresh: "30s",
    time: { from: "now-6h", to: "now" },
    templating: { list: [{ name: "datasource", label: "Data source", type: "datasource", query: "prometheus" }] },
    panels: Object.entries(panels(namespace)).flatMap(([title, row], index) => placeRow(title, row, index)),
  };
}

function placeRow(title: string, row: readonly Panel[], index: number) {
  const y = index * (height + 1);
  const w = Math.floor(columns / row.length);
  const id = index * 10 + 1;
  return [
    { id, type: "row", title, collapsed: false, gridPos: { x: 0, y, w: columns, h: 1 }, panels: [] },
    ...row.map((panel, column) => ({
      id: id + column + 1,
      gridPos: { x: column * w, y: y + 1, w, h: height },
      ...grafanaPanel(panel),
    })),
  ];
}

function grafanaPanel({ title, description, type, unit, limit, queries }: Panel) {
  const table = type === "table";
  const thresholds = {
    mode: "absolute",
    steps: [{ color: "green", value: null }, ...(limit ? [{ color: "red", value: limit }] : [])],
  };
  return {
    title,
    ...(description && { description }),
    type,
    datasource: { type: "prometheus", uid: `\${datasource}` },
    fieldConfig: {
      defaults: {
        ...(unit && { unit }),
        thresholds,
        ...(limit && { custom: { thresholdsStyle: { mode: "line" } } }),
      },
      overrides: [],
    },
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode(65 + index),
      expr,
      ...(table ? { format: "table", instant: true } : { legendFormat }),
    })),
  };
}
