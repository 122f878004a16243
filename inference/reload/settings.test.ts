import test from "ava";
import { readSettings } from "../settings.ts";

for (const MODEL_VERSION of ["", "latest", "@live"])
  test(`RELOAD_SECONDS follows ${MODEL_VERSION || "latest by default"}`, (t) => {
    t.deepEqual(readSettings({ RELOAD_SECONDS: "30", MODEL_VERSION }).reload, { everyMs: 30_000 });
  });

for (const [name, value, why] of [
  ["MODEL_VERSION", "3", "MODEL_VERSION is the number 3, which never moves"],
  ["MODEL_PATH", "/model", "MODEL_PATH is a bundle, which holds one version alone"],
  ["MODEL_EXPECTATION_FILE", "/expectation.json", "MODEL_EXPECTATION_FILE says which version is to be served"],
] as const)
  test(`RELOAD_SECONDS beside ${name}=${value} is refused, and fine when it is 0`, (t) => {
    const { message } = t.throws(() => readSettings({ [name]: value, RELOAD_SECONDS: "30" }))!;
    t.true(message.startsWith(`RELOAD_SECONDS: expected 0 or none, as ${why}`), message);
    t.is(readSettings({ [name]: value, RELOAD_SECONDS: "0" }).reload.everyMs, 0);
  });
