import test from "ava";
import { readPayloadLogSettings } from "./settings.ts";

test("without a file there is no payload log, with one it takes a hundredth of the requests unless told otherwise", (t) => {
  t.is(readPayloadLogSettings({ PAYLOAD_LOG_SAMPLE: "1" }), undefined);
  t.is(readPayloadLogSettings({ PAYLOAD_LOG_FILE: "" }), undefined);
  for (const [given, sample] of [
    [undefined, 0.01],
    ["", 0.01],
    ["1", 1],
    ["0", 0],
    ["0.25", 0.25],
    [".5", 0.5],
  ] as const)
    t.deepEqual(readPayloadLogSettings({ PAYLOAD_LOG_FILE: "a.jsonl", PAYLOAD_LOG_SAMPLE: given }), {
      file: "a.jsonl",
      sample,
    });
});

for (const given of ["1.5", "-1", "half", "1e-3", "50%"])
  test(`PAYLOAD_LOG_SAMPLE=${given} is refused`, (t) => {
    t.throws(() => readPayloadLogSettings({ PAYLOAD_LOG_SAMPLE: given }), {
      message: `PAYLOAD_LOG_SAMPLE: expected a number from 0 to 1, got "${given}"`,
    });
  });
