import test from "ava";
import { permits, refuses } from "../fixtures/changed.ts";
import { others, unknown } from "../fixtures/good.ts";
import { hardenedRepository } from "./hardened-repository.ts";

const scan = "imageScanningConfiguration.scanOnPush";
const encryption = "encryptionConfigurations[0].encryptionType";
for (const [what, path, value, at] of [
  ["a repository that scans nothing", scan, false],
  ["one that says nothing of scanning", "imageScanningConfiguration", undefined, scan],
  ["tags that can be pushed again", "imageTagMutability", "MUTABLE"],
  ["tags of which some can", "imageTagMutability", "IMMUTABLE_WITH_EXCLUSION"],
  ["tags of which nothing is said", "imageTagMutability", undefined],
  ["encryption of which nothing is said", "encryptionConfigurations", undefined, encryption],
  ["an encryption of no kind", encryption, undefined],
] as [string, string, unknown, string?][]) {
  test(`refused: ${what}`, (t) => refuses(t, hardenedRepository, others.repository!, path, value, at));
}

test("a key of one's own is permitted, and so is what is known later", (t) => {
  const own = [{ encryptionType: "KMS", kmsKey: unknown }];
  permits(t, hardenedRepository, others.repository!, "encryptionConfigurations", own);
  permits(t, hardenedRepository, others.repository!, "encryptionConfigurations", unknown);
  permits(t, hardenedRepository, others.repository!, "imageScanningConfiguration", unknown);
});
