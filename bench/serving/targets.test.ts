import test from "ava";
import type { ContenderName } from "./contenders.ts";
import type { Figures } from "./figures.ts";
import { targetLines } from "./targets.ts";

const figures = (rate: number, median1Ms: number, rowRate: number) =>
  ({ rate16: rate, rate128: 2 * rate, median1Ms, rowRate }) as Figures;
const title = (name: ContenderName) => `<${name}>`;

test("a line says what is asked, what was measured, and whether that is enough", (t) => {
  const measured = new Map<ContenderName, Figures>([
    ["ours", figures(1000, 0.2, 300)],
    ["koa-constant", figures(1000, 0.1, Number.NaN)],
    ["fastapi-onnx", figures(201, 1, 100)],
  ]);
  t.deepEqual(targetLines(measured, title), [
    "- requests/s, 16 connections: at least 1× of <koa-constant>, measured 1.00×: met",
    "- requests/s, 128 connections: at least 1× of <koa-constant>, measured 1.00×: met",
    "- requests/s, 16 connections: at least 5× of <fastapi-onnx>, measured 4.98×: not met",
    "- requests/s, 128 connections: at least 5× of <fastapi-onnx>, measured 4.98×: not met",
    "- median latency, 1 connection: at most 2× of <koa-constant>, measured 2.00×: met",
    "- rows/s, 10,000 rows a request: at least 3× of <fastapi-onnx>, measured 3.00×: met",
  ]);
});

test("a latency above its target isn't met", (t) => {
  const measured = new Map<ContenderName, Figures>([
    ["ours", figures(1000, 0.3, 300)],
    ["koa-constant", figures(1001, 0.1, Number.NaN)],
  ]);
  t.deepEqual(
    targetLines(measured, title).map((line) => line.split(": ").at(-1)),
    ["not met", "not met", "not met"],
  );
});

test("without ours there is nothing to compare", (t) => {
  t.deepEqual(targetLines(new Map([["bentoml", figures(1, 1, 1)]]), title), []);
});
