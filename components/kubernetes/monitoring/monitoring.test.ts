import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { pino } from "pino";
import { collectDefaultMetrics, Registry } from "prom-client";
import { countRequests } from "../../../inference/metrics/count-requests.ts";
import { observeModel } from "../../../inference/metrics/observe-model.ts";
import { testSettings } from "../fixtures/settings.ts";
import { headlessService, usersService } from "../services.ts";
import { alerts } from "./alerts.ts";
import { dashboard } from "./dashboard.ts";
import { prometheusRule } from "./prometheus-rule.ts";
import { serviceMonitor } from "./service-monitor.ts";

/** What the service itself registers, and what kube-state-metrics tells of it. */
const metrics = new Set([...serviceMetrics(), "kube_deployment_status_replicas_ready"]);

function serviceMetrics(): string[] {
  const registry = new Registry();
  const logger = pino({ level: "silent" });
  collectDefaultMetrics({ register: registry });
  countRequests(registry, logger);
  observeModel(registry, logger);
  return registry
    .getMetricsAsArray()
    .flatMap(({ name, type }) =>
      String(type) === "histogram" ? ["bucket", "sum", "count"].map((part) => `${name}_${part}`) : [name],
    );
}

const settings = testSettings();
const board = JSON.parse(dashboard(settings).data["ml-inference.json"]);
const { rules } = prometheusRule(settings).spec.groups[0]!;
const boardQueries: string[] = board.panels.flatMap(({ targets = [] }) =>
  targets.map(({ expr }: { expr: string }) => expr),
);
const runbookQueries = alerts("ml-inference").flatMap(({ runbook }) =>
  [...readRunbook(runbook).matchAll(/```promql\n(.*?)\n```/gs)].flatMap(([, block = ""]) => block.split("\n")),
);
const expressions = [...rules.map(({ expr }) => expr), ...boardQueries, ...runbookQueries];

function readRunbook(name: string): string {
  return readFileSync(join(import.meta.dirname, `../../../docs/runbooks/${name}.md`), "utf8");
}

for (const expression of new Set(expressions)) {
  test(`names only metrics that there are, of this workload: ${expression}`, (t) => {
    const selectors = [...expression.matchAll(/([a-z_0-9]+)\{([^}]*)\}/g)];
    t.true(selectors.length > 0);
    for (const [, metric = "", labels = ""] of selectors) {
      t.true(metrics.has(metric), `no such metric: ${metric}`);
      t.true(labels.includes('namespace="ml-inference"'));
    }
    const named = expression.match(/\b(?:http|ml|nodejs|process|kube)_\w+/g) ?? [];
    t.is(named.length, selectors.length);
  });
}

test("every alert has a severity, words for people, and a runbook that is there and names it", (t) => {
  t.deepEqual(
    rules.map(({ alert }) => alert),
    ["MlInferenceErrorRatio", "MlInferenceLatency", "MlInferenceNoReadyPod", "MlInferenceFeatureDrift"],
  );
  for (const { alert, labels, annotations } of rules) {
    t.regex(labels.severity, /^(critical|warning)$/);
    t.truthy(annotations.summary && annotations.description);
    t.regex(annotations.runbook_url, /^docs\/runbooks\/[a-z-]+\.md$/);
    const runbook = readRunbook(annotations.runbook_url.slice("docs/runbooks/".length, -".md".length));
    t.true(runbook.startsWith(`# ${alert}\n`));
    for (const part of ["Meaning", "Impact", "Diagnosis", "Mitigation", "Prevention"])
      t.true(runbook.includes(`\n## ${part}\n`));
  }
});

for (const { name, runbook, expression } of alerts("ml-inference")) {
  test(`the runbook of ${name} shows the very expression`, (t) => {
    t.true(readRunbook(runbook).includes(expression));
  });
}

test("runbooks can be read elsewhere", (t) => {
  const runbooks = "https://wiki.example.com/runbooks/";
  const rule = prometheusRule({ ...settings, runbooks }).spec.groups[0]!.rules[0]!;
  t.is(rule.annotations.runbook_url, "https://wiki.example.com/runbooks/error-ratio.md");
});

test("the monitor finds the Service that names each pod, and no other", (t) => {
  const { selector, endpoints, jobLabel } = serviceMonitor(settings).spec;
  const wanted = Object.entries(selector.matchLabels);
  const found = [usersService(settings), headlessService(settings)].filter(({ metadata }) =>
    wanted.every(([name, value]) => metadata.labels[name] === value),
  );
  t.deepEqual(
    found.map(({ metadata }) => metadata.name),
    ["ml-inference-pods"],
  );
  t.true(found[0]!.spec.ports.some(({ name }) => name === endpoints[0]!.port));
  t.is(found[0]!.metadata.labels[jobLabel], "ml-inference");
});

test("Prometheus' own labels are on monitor and rules", (t) => {
  const monitoringLabels = { release: "kube-prometheus-stack" };
  t.like(serviceMonitor({ ...settings, monitoringLabels }).metadata.labels, monitoringLabels);
  t.like(prometheusRule({ ...settings, monitoringLabels }).metadata.labels, monitoringLabels);
});

test("Grafana finds the dashboard, whose panels don't overlap", (t) => {
  t.is(dashboard(settings).metadata.labels.grafana_dashboard, "1");
  const places: { x: number; y: number; w: number; h: number }[] = board.panels.map(
    ({ gridPos }: { gridPos: never }) => gridPos,
  );
  for (const [index, one] of places.entries()) {
    t.true(one.x + one.w <= 24);
    for (const other of places.slice(index + 1))
      t.true(
        one.x + one.w <= other.x ||
          other.x + other.w <= one.x ||
          one.y + one.h <= other.y ||
          other.y + other.h <= one.y,
      );
  }
  t.is(new Set(board.panels.map(({ id }: { id: number }) => id)).size, board.panels.length);
});
