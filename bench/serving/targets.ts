import type { ContenderName } from "./contenders.ts";
import type { Figures } from "./figures.ts";
import { ratio } from "./table.ts";

/** A ratio of our figure to another's, and what it is to be. */
interface Target {
  readonly what: string;
  readonly against: ContenderName;
  /** Our figure over theirs. */
  ratio(ours: Figures, theirs: Figures): number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

const rates: readonly (readonly [ContenderName, number])[] = [
  ["koa-constant", 1],
  ["fastapi-onnx", 5],
  ["bentoml", 40],
  ["fastapi-sklearn", 150],
];

const targets: readonly Target[] = [
  ...rates.flatMap(([against, atLeast]): Target[] => [
    { what: "requests/s, 16 connections", against, ratio: (a, b) => a.rate16 / b.rate16, atLeast },
    { what: "requests/s, 128 connections", against, ratio: (a, b) => a.rate128 / b.rate128, atLeast },
  ]),
  {
    what: "median latency, 1 connection",
    against: "koa-constant",
    ratio: (a, b) => a.median1Ms / b.median1Ms,
    atMost: 2,
  },
  {
    what: "rows/s, 10,000 rows a request",
    against: "fastapi-onnx",
    ratio: (a, b) => a.rowRate! / b.rowRate!,
    atLeast: 3,
  },
];

/**
 * A line a target as Markdown: what is asked, what was measured, and whether that meets it.
 *
 * @param figures - by contender; a target against one that wasn't measured is left out.
 * @param title - of a contender.
 */
export function targetLines(
  figures: ReadonlyMap<ContenderName, Figures>,
  title: (name: ContenderName) => string,
): string[] {
  const ours = figures.get("ours");
  return targets.flatMap(({ what, against, ratio: of, atLeast, atMost }) => {
    const theirs = figures.get(against);
    if (!ours || !theirs) return [];
    const measured = of(ours, theirs);
    const met = atLeast === undefined ? measured <= atMost! : measured >= atLeast;
    const asked = atLeast === undefined ? `at most ${atMost}×` : `at least ${atLeast}×`;
    return [`- ${what}: ${asked} of ${title(against)}, measured ${ratio(measured)}: ${met ? "met" : "not met"}`];
  });
}
