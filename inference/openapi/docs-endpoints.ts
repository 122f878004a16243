import { createHash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "koa";
import swaggerUiFolder from "swagger-ui-dist/absolute-path.js";
import { HttpProblem } from "../http/http-problem.ts";
import { code, contentSecurityPolicy, docsHtml, docsScript, styleSheet } from "./docs-page.ts";

/** Something that the page loads. */
interface Asset {
  readonly type: string;
  readonly length: number;
  open(): string | NodeJS.ReadableStream;
}

// By their names, so that no path ever leads to another file.
const assets: ReadonlyMap<string, Asset> = new Map([
  [styleSheet, fromSwaggerUi(styleSheet, "text/css; charset=utf-8")],
  [code, fromSwaggerUi(code, "text/javascript; charset=utf-8")],
  ["page.js", { type: "text/javascript; charset=utf-8", length: docsScript.length, open: () => docsScript }],
]);

const html = docsHtml(versionOfAssets());

/** The page on which a reader of the service's document can try its endpoints. */
export function docsPage(ctx: Context): void {
  ctx.set("Content-Security-Policy", contentSecurityPolicy);
  ctx.set("Referrer-Policy", "no-referrer");
  ctx.type = "text/html; charset=utf-8";
  ctx.body = html;
}

/** What the page loads: kept by browsers, as its address in the page changes when it does. */
export function docsAsset(ctx: Context, { asset = "" }: Readonly<Record<string, string>>): void {
  const found = assets.get(asset);
  if (!found) throw new HttpProblem(404, `no such file of the page; there are ${[...assets.keys()].join(", ")}`);
  ctx.set("Cache-Control", "public, max-age=31536000, immutable");
  ctx.type = found.type;
  ctx.body = found.open();
  ctx.length = found.length;
}

function fromSwaggerUi(name: string, type: string): Asset {
  const file = join(swaggerUiFolder(), name);
  return { type, length: statSync(file).size, open: () => createReadStream(file) };
}

function versionOfAssets(): string {
  const packageJson = readFileSync(join(swaggerUiFolder(), "package.json"));
  return createHash("sha256").update(packageJson).update(docsScript).digest("hex").slice(0, 12);
}
