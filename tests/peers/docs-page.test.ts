import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import type { Page } from "playwright-core";
import { startServe } from "../../inference/fixtures/serve-process.ts";
import { tinyRegistry } from "../../inference/fixtures/tiny-registry.ts";
import { requestJson } from "../../inference/request-json.ts";
import { startChromium } from "./chromium.ts";

/** The page of a service in a real browser, with what went wrong on it and what it asked of other hosts. */
async function open(t: ExecutionContext, env: NodeJS.ProcessEnv = {}) {
  const registry = await tinyRegistry([0.1]);
  t.teardown(registry.remove);
  const service = startServe({ MLFLOW_TRACKING_URI: registry.uri, ...env });
  t.teardown(() => service.kill("SIGKILL"));
  const endpoint = `http://127.0.0.1:${(await service.logged("listening")).port}`;
  await service.logged("ready");

  const browser = await startChromium();
  t.teardown(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
  const elsewhere: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => {
    if (!/^(data:|blob:)/.test(request.url()) && !request.url().startsWith(endpoint)) elsewhere.push(request.url());
  });
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${endpoint}/docs`);
  return { endpoint, page, elsewhere, errors };
}

/** Clicks through one prediction. @returns what was sent, and what the page shows of the answer. */
async function tryPrediction(page: Page) {
  const operation = page.locator("#operations-Predictions-predict");
  await operation.locator(".opblock-summary-control").click();
  await operation.getByRole("button", { name: "Try it out" }).click();
  const sent = JSON.parse(await operation.locator("textarea.body-param__text").inputValue());
  await operation.getByRole("button", { name: "Execute" }).click();
  const answer = operation.locator(".live-responses-table .response-col_description pre").first();
  return { sent, shown: JSON.parse((await answer.textContent())!) };
}

/** The whole page, with the answer that lies below the window's end. */
async function screenshot(t: ExecutionContext, page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS || (await mkdtemp(join(tmpdir(), "docs-page-")));
  if (!process.env.SCREENSHOTS) t.teardown(() => rm(folder, { recursive: true }));
  const picture = await page.screenshot({ path: join(folder, name), fullPage: true });
  t.true(picture.length > 20_000, "a page that is blank is a small picture");
}

test("a person tries a prediction on the page of the service, in a real browser", async (t) => {
  const { endpoint, page, elsewhere, errors } = await open(t);
  const { sent, shown } = await tryPrediction(page);
  const { body } = await requestJson(`${endpoint}/predict`, { body: sent });
  const { predictions, probabilities } = body as Record<string, unknown>;
  t.like(shown, { predictions, probabilities, model_name: "tiny", model_version: "1" });
  t.deepEqual(errors, []);
  t.deepEqual(elsewhere, []);
  await screenshot(t, page, "docs-page.png");
});

test("where the service takes tokens the page asks for one, again where it isn't known, and tries with it", async (t) => {
  const token = "0123456789abcdef".repeat(2);
  const { endpoint, page, elsewhere, errors } = await open(t, { AUTH_TOKENS: token });
  const field = page.getByLabel("Bearer token");
  const authorize = page.locator("#token button");
  await page.getByText("The service asks for a token.").waitFor();
  await field.fill("another");
  await authorize.click();
  await page.getByText("The service doesn't know this token.").waitFor();
  await field.fill(token);
  await authorize.click();
  const { sent, shown } = await tryPrediction(page);
  t.true(await page.locator("#token").isHidden());
  const { body } = await requestJson(`${endpoint}/predict`, {
    body: sent,
    headers: { Authorization: `Bearer ${token}` },
  });
  const { predictions, probabilities } = body as Record<string, unknown>;
  t.like(shown, { predictions, probabilities, model_name: "tiny", model_version: "1" });
  // Chromium itself notes an answer that is no success: the two that led to the questions.
  t.is(errors.length, 2, errors.join());
  for (const error of errors) t.regex(error, /401/);
  t.deepEqual(elsewhere, []);
  await screenshot(t, page, "docs-page-token.png");
});
