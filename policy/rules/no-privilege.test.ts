import test from "ava";
import { changed, keys, permits, refuses } from "../fixtures/changed.ts";
import { deployment, podSpec, unknown, workloads } from "../fixtures/good.ts";
import { noPrivilege } from "./no-privilege.ts";

const pod = "spec.template.spec";
const container = `${pod}.containers[0]`;
const context = `${container}.securityContext`;
const rows: readonly (readonly [what: string, path: string, value: unknown, at?: string])[] = [
  ["the host's network", `${pod}.hostNetwork`, true],
  ["the host's processes", `${pod}.hostPID`, true],
  ["the host's messages", `${pod}.hostIPC`, true],
  ["the host's files", `${pod}.volumes[0]`, { name: "tmp", hostPath: { path: "/" } }, `${pod}.volumes[0].hostPath`],
  ["a volume of a disk", `${pod}.volumes[0]`, { name: "tmp", nfs: { server: "a" } }, `${pod}.volumes[0].nfs`],
  ["a port of the host", `${container}.ports[0].hostPort`, 8080],
  ["a privileged container", `${context}.privileged`, true],
  ["a container that may gain privileges", `${context}.allowPrivilegeEscalation`, true],
  ["one that doesn't say", `${context}.allowPrivilegeEscalation`, undefined],
  ["a root file system that is written to", `${context}.readOnlyRootFilesystem`, false],
  ["one of which nothing is said", `${context}.readOnlyRootFilesystem`, undefined],
  ["a container that may be root", `${context}.runAsNonRoot`, false],
  ["the user root", `${context}.runAsUser`, 0],
  ["capabilities that stay", `${context}.capabilities.drop`, ["NET_RAW"]],
  ["capabilities of which nothing is said", `${context}.capabilities`, undefined, `${context}.capabilities.drop`],
  ["a capability that is added", `${context}.capabilities.add`, ["SYS_ADMIN"]],
  ["no filter of system calls", `${context}.seccompProfile`, { type: "Unconfined" }, `${context}.seccompProfile.type`],
  ["an unmasked /proc", `${context}.procMount`, "Unmasked"],
];

for (const [what, path, value, at] of rows) {
  test(`refused: ${what}`, (t) => refuses(t, noPrivilege, deployment, path, value, at ?? path));
}

for (const field of ["runAsNonRoot", "seccompProfile"]) {
  test(`${field} that neither the pod nor its containers state is refused`, (t) => {
    const problems = noPrivilege.check(changed(deployment, keys(`${pod}.securityContext.${field}`), undefined));
    t.is(problems.length, 2);
    for (const problem of problems)
      t.regex(problem, new RegExp(`Containers?\\[0\\]\\.securityContext\\.${field}`, "i"));
  });
}

test("each kind's containers are held to it, those that initialise too", (t) => {
  for (const [workload, path] of workloads) {
    for (const which of ["containers[0]", "initContainers[0]", "ephemeralContainers[0]"]) {
      const good = changed(workload, keys(`${path}.ephemeralContainers`), podSpec.initContainers);
      refuses(t, noPrivilege, good, `${path}.${which}.securityContext.privileged`, true);
    }
  }
});

test("a container's own context comes before its pod's", (t) => {
  const lax = changed(deployment, keys(`${pod}.securityContext`), { runAsNonRoot: false, runAsUser: 0 });
  const own = { ...podSpec.containers[0]!.securityContext, ...podSpec.securityContext };
  const strict = changed(lax, keys(context), own);
  t.deepEqual(noPrivilege.check(changed(strict, keys(`${pod}.initContainers`), [])), []);
});

test("a low port may be bound, and contexts that are known later are permitted", (t) => {
  permits(t, noPrivilege, deployment, `${context}.capabilities.add`, ["NET_BIND_SERVICE"]);
  permits(t, noPrivilege, deployment, context, unknown);
  permits(t, noPrivilege, deployment, `${pod}.securityContext`, unknown);
  permits(t, noPrivilege, deployment, "spec.template", unknown);
});
