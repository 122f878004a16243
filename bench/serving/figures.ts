import { median } from "./statistics.ts";

/** What one round measures of a server. Rates are a second, sizes in bytes. */
export interface Figures {
  readonly startUpSeconds: number;
  /** Started, and asked once. */
  readonly idleBytes: number;
  /** After all loads of the round. */
  readonly loadedBytes: number;
  readonly rate16: number;
  readonly median16Ms: number;
  readonly p99At16Ms: number;
  readonly rate128: number;
  readonly median128Ms: number;
  readonly p99At128Ms: number;
  readonly median1Ms: number;
  /** Of requests of many rows; absent where rows make no difference. */
  readonly rowRate?: number;
}

/** Each figure's median over the rounds. */
export function medians(rounds: readonly Figures[]): Figures {
  const names = Object.keys(rounds[0]!) as (keyof Figures)[];
  return Object.fromEntries(
    names.map((name) => [name, median(rounds.map((figures) => figures[name]!))]),
  ) as unknown as Figures;
}
