import type { Rule } from "./rule.ts";
import { guardedControlPlane, openControlPlane } from "./rules/guarded-control-plane.ts";
import { hardenedRepository } from "./rules/hardened-repository.ts";
import { imageByDigest } from "./rules/image-by-digest.ts";
import { narrowTrust } from "./rules/narrow-trust.ts";
import { noPrivilege } from "./rules/no-privilege.ts";
import { noSecretInPlain } from "./rules/no-secret-in-plain.ts";
import { noServiceAccountToken } from "./rules/no-service-account-token.ts";
import { noWildcardIam } from "./rules/no-wildcard-iam.ts";
import { privateNodes } from "./rules/private-nodes.ts";
import { probesSet } from "./rules/probes-set.ts";
import { replicasLeftToAutoscaler } from "./rules/replicas-left-to-autoscaler.ts";
import { resourcesSet } from "./rules/resources-set.ts";
import { restrictedNamespace } from "./rules/restricted-namespace.ts";
import { plainRoute, tls } from "./rules/tls.ts";

/** What a reviewer would enforce, each of it said once. */
export const rules: readonly Rule[] = [
  imageByDigest,
  noPrivilege,
  resourcesSet,
  probesSet,
  replicasLeftToAutoscaler,
  restrictedNamespace,
  noServiceAccountToken,
  tls,
  plainRoute,
  hardenedRepository,
  noWildcardIam,
  narrowTrust,
  noSecretInPlain,
  guardedControlPlane,
  openControlPlane,
  privateNodes,
];
