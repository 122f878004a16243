import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { startServe } from "../../inference/fixtures/serve-process.ts";
import { tinyRegistry } from "../../inference/fixtures/tiny-registry.ts";
import { requestJson } from "../../inference/request-json.ts";
import { startChromium } from "./chromium.ts";

test("a person tries a prediction on the page of the service, in a real browser", async (t) => {
  const registry = await tinyRegistry([0.1]);
  t.teardown(registry.remove);
  const service = startServe({ MLFLOW_TRACKING_URI: registry.uri });
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
  const operation = page.locator("#operations-Predictions-predict");
  await operation.locator(".opblock-summary-control").click();
  await operation.getByRole("button", { name: "Try it out" }).click();
  const sent = await operation.locator("textarea.body-param__text").inputValue();
  await operation.getByRole("button", { name: "Execute" }).click();
  const shown = await operation.locator(".live-responses-table .response-col_description pre").first().textContent();

  const { body } = await requestJson(`${endpoint}/predict`, { body: JSON.parse(sent) });
  const { predictions, probabilities } = body as Record<string, unknown>;
  t.like(JSON.parse(shown!), { predictions, probabilities, model_name: "tiny", model_version: "1" });
  t.deepEqual(errors, []);
  t.deepEqual(elsewhere, []);

  const folder = process.env.SCREENSHOTS || (await mkdtemp(join(tmpdir(), "docs-page-")));
  if (!process.env.SCREENSHOTS) t.teardown(() => rm(folder, { recursive: true }));
  const picture = await page.screenshot({ path: join(folder, "docs-page.png") });
  t.true(picture.length > 20_000, "a page that is blank is a small picture");
});
