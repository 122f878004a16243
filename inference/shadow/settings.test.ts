import test from "ava";
import { readSettings } from "../settings.ts";

test("without SHADOW_MODEL_VERSION there is no shadow; with it there is one, which is asked all", (t) => {
  t.is(readSettings({}).shadow, undefined);
  for (const version of ["3", "latest", "@challenger"])
    t.deepEqual(readSettings({ METRICS_PORT: "9090", SHADOW_MODEL_VERSION: version }).shadow, { version, sample: 1 });
});

for (const [value, sample] of [
  ["0.25", 0.25],
  [".5", 0.5],
  ["1", 1],
  ["1.0", 1],
] as const)
  test(`SHADOW_SAMPLE=${value} is ${sample}`, (t) => {
    const env = { METRICS_PORT: "9090", SHADOW_MODEL_VERSION: "3", SHADOW_SAMPLE: value };
    t.is(readSettings(env).shadow?.sample, sample);
  });

for (const value of ["0", "0.0", "-1", "1.5", "half", "."])
  test(`SHADOW_SAMPLE=${value} is refused`, (t) => {
    t.throws(() => readSettings({ SHADOW_SAMPLE: value }), {
      message: `SHADOW_SAMPLE: expected a number above 0 up to 1, got "${value}"`,
    });
  });

test("SHADOW_MODEL_VERSION of another form, or without metrics, is refused", (t) => {
  t.throws(() => readSettings({ METRICS_PORT: "9090", SHADOW_MODEL_VERSION: "newest" }), {
    message: 'SHADOW_MODEL_VERSION: expected latest, a number or @alias, got "newest"',
  });
  t.throws(() => readSettings({ SHADOW_MODEL_VERSION: "3" }), {
    message: /^SHADOW_MODEL_VERSION: expected METRICS_PORT with it/,
  });
});
