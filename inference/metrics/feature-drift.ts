import type { FeatureBaseline } from "../../mlflow/model-folder.ts";
import type { FeatureRows } from "../features/feature-rows.ts";
import { FeatureWindow } from "./feature-window.ts";
import { populationStabilityIndex } from "./psi.ts";

/**
 * Rows that a window must hold before it is told about; for the index, rows with a value of the feature. By chance alone
 * the index of n rows over ten bins is about 9 / n: at 1,000 that is a tenth of what counts as a shift.
 */
export const enoughRows = 1000;

/** How far the rows that a model is asked about have moved from those that it was trained on. */
export class FeatureDrift {
  /** Features whose index can't be told: the baseline lacks them, or all their training rows lie in one bin. */
  readonly unmeasured: readonly string[];
  readonly #names: readonly string[];
  readonly #baselines: readonly (FeatureBaseline | undefined)[];
  readonly #window: FeatureWindow;

  /**
   * @param names - the features of a row, in order.
   * @param baseline - of the training rows, by name, in any order.
   * @param now - see {@link FeatureWindow}.
   */
  constructor(names: readonly string[], baseline: readonly FeatureBaseline[], now?: () => number) {
    const byName = new Map(baseline.map((feature) => [feature.name, feature]));
    this.#names = names;
    this.#baselines = names.map((name) => {
      const feature = byName.get(name);
      return feature?.counts.some((rows) => rows > 0) && feature.edges.length > 0 ? feature : undefined;
    });
    this.unmeasured = names.filter((_, at) => !this.#baselines[at]);
    this.#window = new FeatureWindow(
      this.#baselines.map((feature) => feature?.edges ?? []),
      now,
    );
  }

  /** Takes rows that were predicted into the window. @param time - see {@link FeatureWindow.add}. */
  add(rows: FeatureRows, time?: number): void {
    this.#window.add(rows, time);
  }

  /** Population stability index by feature, of those with {@link enoughRows} values; missing values are apart. */
  psi(): Map<string, number> {
    const { rows, bins, missing } = this.#window.read();
    return this.#byName((at) => {
      const baseline = this.#baselines[at];
      if (!baseline || rows - missing[at]! < enoughRows) return undefined;
      return populationStabilityIndex(baseline.counts, bins[at]!);
    });
  }

  /** Share of rows without a value by feature; empty before there are {@link enoughRows}. */
  missingRatio(): Map<string, number> {
    const { rows, missing } = this.#window.read();
    return this.#byName((at) => (rows < enoughRows ? undefined : missing[at]! / rows));
  }

  #byName(tell: (at: number) => number | undefined): Map<string, number> {
    const values = this.#names.map((name, at) => [name, tell(at)] as const);
    return new Map(values.filter((entry): entry is [string, number] => entry[1] !== undefined));
  }
}
