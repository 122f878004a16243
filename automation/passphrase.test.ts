import test from "ava";
import { opensSalt } from "./passphrase.ts";

// Written by pulumi stack init with PULUMI_CONFIG_PASSPHRASE="".
const salt = "v1:dqNkANTB/XA=:v1:8E+sFalLmxUnp6qU:3pR5xxnlg3IyxvHd7hd6W1j65Gdxcw==";

for (const [passphrase, opens] of [
  ["", true],
  ["another", false],
] as const) {
  test(`a salt of the empty passphrase ${opens ? "opens" : "doesn't open"} with "${passphrase}"`, async (t) => {
    t.is(await opensSalt(salt, passphrase), opens);
  });
}

test("what is no salt opens with nothing", async (t) => t.false(await opensSalt("v2:something", "")));
