import { type Container, containersOf, type Pod, podOf } from "../pods.ts";
import type { Rule } from "../rule.ts";
import { contains, entriesOf, get, is, isSet, isUnknown, listOf, problem } from "../values.ts";

/** Kinds of volumes that the standard `restricted` permits. */
const volumes = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

/**
 * The pod security standard `restricted` for Linux (https://kubernetes.io/docs/concepts/security/pod-security-standards/), and
 * a root file system that nothing writes to.
 */
export const noPrivilege: Rule = {
  name: "no-privilege",
  description:
    "Pods keep the standard `restricted`: no root, no capabilities, nothing of the host; their root is read-only.",
  enforcement: "mandatory",
  check(resource) {
    const pod = podOf(resource);
    if (pod === undefined) return [];
    return [...hostProblems(pod), ...containersOf(pod).flatMap((container) => containerProblems(container, pod))];
  },
};

function hostProblems({ path, spec }: Pod): string[] {
  const shared = ["hostNetwork", "hostPID", "hostIPC"]
    .filter((field) => !isAbsentOr(get(spec, field), false))
    .map((field) => problem(`${path}.${field}`, "none of the host's", get(spec, field)));
  const mounted = listOf(get(spec, "volumes")).flatMap((volume, index) =>
    entriesOf(volume)
      .filter(([kind, value]) => kind !== "name" && isSet(value) && !volumes.has(kind))
      .map(([kind]) => `${path}.volumes[${index}].${kind}: expected a volume that isn't the host's, got a ${kind}`),
  );
  return [...shared, ...mounted];
}

function containerProblems({ path, spec }: Container, pod: Pod): string[] {
  const own = get(spec, "securityContext");
  const problems: string[] = [];
  const expect = (holds: boolean, field: string, expected: string, got: unknown) => {
    if (!holds) problems.push(problem(`${path}.${field}`, expected, got));
  };
  /** A field of the container's context, or else of its pod's. */
  const effective = (...field: readonly string[]) => {
    const stated = get(own, ...field);
    return stated ?? get(pod.spec, "securityContext", ...field);
  };

  const privileged = get(own, "privileged");
  expect(isAbsentOr(privileged, false), "securityContext.privileged", "false", privileged);
  const escalation = get(own, "allowPrivilegeEscalation");
  expect(is(escalation, false), "securityContext.allowPrivilegeEscalation", "false", escalation);
  const readOnly = get(own, "readOnlyRootFilesystem");
  expect(is(readOnly, true), "securityContext.readOnlyRootFilesystem", "true", readOnly);
  const nonRoot = effective("runAsNonRoot");
  expect(is(nonRoot, true), "securityContext.runAsNonRoot", "true, here or of the pod", nonRoot);
  const user = effective("runAsUser");
  expect(user !== 0, "securityContext.runAsUser", "a user other than root", user);
  const dropped = get(own, "capabilities", "drop");
  expect(contains(dropped, "ALL"), "securityContext.capabilities.drop", '["ALL"]', dropped);
  for (const added of listOf(get(own, "capabilities", "add"))) {
    expect(is(added, "NET_BIND_SERVICE"), "securityContext.capabilities.add", "none", added);
  }
  const seccomp = effective("seccompProfile", "type");
  expect(
    is(seccomp, "RuntimeDefault", "Localhost"),
    "securityContext.seccompProfile.type",
    '"RuntimeDefault"',
    seccomp,
  );
  const proc = get(own, "procMount");
  expect(isAbsentOr(proc, "Default"), "securityContext.procMount", '"Default"', proc);
  for (const [index, port] of listOf(get(spec, "ports")).entries()) {
    const hostPort = get(port, "hostPort");
    expect(isAbsentOr(hostPort, 0), `ports[${index}].hostPort`, "none", hostPort);
  }
  return problems;
}

function isAbsentOr(value: unknown, harmless: unknown): boolean {
  return value === undefined || value === null || value === harmless || isUnknown(value);
}
