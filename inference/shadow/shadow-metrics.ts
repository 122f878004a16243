import { Counter, Gauge, type Metric, type Registry } from "prom-client";
import type { ModelIdentity } from "../model/served-model.ts";
import { type Comparison, differenceBounds } from "./compare.ts";

/** `load`: its model isn't to be had, proven or served; `compare`: it couldn't answer rows; `process`: it ended by itself. */
export type ShadowStage = "load" | "compare" | "process";

const stages: readonly ShadowStage[] = ["load", "compare", "process"];
const differences = "ml_shadow_absolute_difference";
const differencesHelp =
  "Difference of a row's answers: the largest of any class's probability, or of a regressor's values.";

/** What is told of a shadow. */
export class ShadowMetrics {
  readonly #info: Gauge<"name" | "version" | "sha256">;
  readonly #rows: Counter;
  readonly #disagreements: Counter;
  readonly #dropped: Counter;
  readonly #failures: Counter<"stage">;
  readonly #counts = new Float64Array(differenceBounds.length + 1);
  #sum = 0;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#info = new Gauge({
      name: "ml_shadow_info",
      help: "The model that is asked beside the one that answers: always 1; absent while it loads.",
      labelNames: ["name", "version", "sha256"],
      registers,
    });
    this.#rows = new Counter({ name: "ml_shadow_rows_total", help: "Rows compared.", registers });
    this.#disagreements = new Counter({
      name: "ml_shadow_disagreements_total",
      help: "Rows that the two label differently; of regressors, those that only one has a number for.",
      registers,
    });
    this.#dropped = new Counter({
      name: "ml_shadow_dropped_rows_total",
      help: "Rows that weren't compared, as the service was busy, or the shadow behind or unable.",
      registers,
    });
    this.#failures = new Counter({
      name: "ml_shadow_failures_total",
      help: "What failed: load, compare, or process (it ended by itself).",
      labelNames: ["stage"],
      registers,
    });
    // An alert on a rate needs the series before the first event.
    for (const stage of stages) this.#failures.inc({ stage }, 0);
    registry.registerMetric(this.#differences() as unknown as Metric);
  }

  serves({ name, version, sha256 }: ModelIdentity): void {
    this.#info.set({ name, version, sha256 }, 1);
  }

  compared({ rows, disagreements, counts, sum }: Comparison): void {
    this.#rows.inc(rows);
    this.#disagreements.inc(disagreements);
    for (const [at, count] of counts.entries()) this.#counts[at]! += count;
    this.#sum += sum;
  }

  dropped(rows: number): void {
    this.#dropped.inc(rows);
  }

  failed(stage: ShadowStage): void {
    this.#failures.inc({ stage });
    if (stage !== "compare") this.#info.reset();
  }

  /** A histogram of rows that were counted elsewhere: prom-client's own takes one observation at a time. */
  #differences() {
    const value = (suffix: string, value: number, labels = {}) => ({
      metricName: `${differences}_${suffix}`,
      labels,
      value,
    });
    const get = async () => {
      let rows = 0;
      const buckets = [...differenceBounds, "+Inf"].map((le, at) => {
        rows += this.#counts[at]!;
        return value("bucket", rows, { le });
      });
      const values = [...buckets, value("sum", this.#sum), value("count", rows)];
      return { name: differences, help: differencesHelp, type: "histogram", aggregator: "sum", values };
    };
    return { name: differences, help: differencesHelp, get };
  }
}
