import type { FeatureColumn } from "../../trainer/features/index.ts";
import { Random } from "../../trainer/forest/random.ts";

/** Rows of the six features, one array a feature, and whether each customer churned. */
export interface Customers {
  readonly features: readonly FeatureColumn[];
  /** 1: churned. */
  readonly churned: Float64Array;
}

/**
 * Customers who are made up, the same ones each time: skewed as purchases are, and churning by chance as much as by their
 * features, so that the trees of a forest grow to the depth they may.
 *
 * @param stream - which of the independent series of customers.
 */
export function customers(rows: number, stream: number): Customers {
  const random = new Random(5, stream);
  const draw = () => random.below(1_000_000) / 1_000_000;
  // Exponential, of this mean: many small values, few large ones.
  const skewed = (mean: number) => -Math.log(1 - draw()) * mean;
  const table = Array.from({ length: rows }, () => {
    const purchases = 1 + Math.floor(skewed(6));
    const value = cents(5 + skewed(40));
    const age = 30 + Math.floor(draw() * 1500);
    const days = Math.floor(Math.min(skewed(60), age));
    const tickets = Math.floor(skewed(1.2));
    const score = days / 60 + tickets / 2 - purchases / 8 - value / 120 - age / 1000;
    const churned = draw() < 1 / (1 + Math.exp(-score)) ? 1 : 0;
    return [purchases, value, days, cents(purchases * value), age, tickets, churned];
  });
  const column = (at: number) => Float64Array.from(table, (row) => row[at]!);
  return {
    features: columns.map(([name, type], at) => ({ name, type, values: column(at) })),
    churned: column(columns.length),
  };
}

const columns = [
  ["total_purchases", "long"],
  ["avg_purchase_value", "double"],
  ["days_since_last_purchase", "long"],
  ["customer_lifetime_value", "double"],
  ["account_age_days", "long"],
  ["support_tickets_count", "long"],
] as const satisfies readonly (readonly [string, FeatureColumn["type"]])[];

function cents(value: number): number {
  return Math.round(value * 100) / 100;
}
