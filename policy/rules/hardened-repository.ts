import type { Rule } from "../rule.ts";
import { get, is, isUnknown, listOf, problem } from "../values.ts";

/** What is pushed is scanned, stays what it was, and is encrypted by a choice that is stated. */
export const hardenedRepository: Rule = {
  name: "hardened-repository",
  description: "ECR repositories scan on push, keep tags immutable and state their encryption.",
  enforcement: "mandatory",
  check({ type, properties }) {
    if (type !== "aws:ecr/repository:Repository") return [];
    const problems: string[] = [];
    const scan = get(properties, "imageScanningConfiguration", "scanOnPush");
    if (!is(scan, true)) problems.push(problem("imageScanningConfiguration.scanOnPush", "true", scan));
    const tags = get(properties, "imageTagMutability");
    if (!is(tags, "IMMUTABLE")) problems.push(problem("imageTagMutability", '"IMMUTABLE"', tags));
    const encryption = get(properties, "encryptionConfigurations");
    const [first] = listOf(encryption);
    const kind = get(first, "encryptionType");
    if (!isUnknown(encryption) && !is(kind, "AES256", "KMS", "KMS_DSSE")) {
      problems.push(problem("encryptionConfigurations[0].encryptionType", '"AES256" or "KMS"', kind));
    }
    return problems;
  },
};
