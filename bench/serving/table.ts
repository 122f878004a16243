import type { Figures } from "./figures.ts";

/** A row of the table. */
export interface TableRow {
  readonly title: string;
  readonly figures: Figures;
}

const header = [
  "",
  "requests/s, 16 connections",
  "ratio",
  "median, p99",
  "requests/s, 128 connections",
  "ratio",
  "median, p99",
  "median, 1 connection",
  "rows/s, 10,000 a request",
  "ratio",
  "memory idle, loaded",
  "start-up",
];

/**
 * The figures as Markdown.
 *
 * @param base - whose figures the ratios are of: how many times as fast it is.
 */
export function table(rows: readonly TableRow[], base: Figures): string {
  const lines = rows.map(({ title, figures }) => [
    title,
    count(figures.rate16),
    ratio(base.rate16 / figures.rate16),
    `${ms(figures.median16Ms)}, ${ms(figures.p99At16Ms)} ms`,
    count(figures.rate128),
    ratio(base.rate128 / figures.rate128),
    `${ms(figures.median128Ms)}, ${ms(figures.p99At128Ms)} ms`,
    `${ms(figures.median1Ms)} ms`,
    ...(figures.rowRate === undefined || base.rowRate === undefined
      ? ["", ""]
      : [count(figures.rowRate), ratio(base.rowRate / figures.rowRate)]),
    `${megabytes(figures.idleBytes)}, ${megabytes(figures.loadedBytes)} MB`,
    `${figures.startUpSeconds.toFixed(2)} s`,
  ]);
  return markdown(header, lines);
}

/** A table as Markdown. */
export function markdown(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** A whole number with its thousands set apart. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** Three digits that count: 0.0431, 4.31, 431. */
export function ms(value: number): string {
  return value >= 100 ? count(value) : String(Number(value.toPrecision(3)));
}

export function ratio(value: number): string {
  return `${value >= 100 ? count(value) : value.toPrecision(3)}×`;
}

export function megabytes(bytes: number): string {
  return count(bytes / 1e6);
}
