import test from "ava";
import { type Flow, isAllowed, type Peer, type Policy } from "./network-policy-evaluator.ts";

const a: Peer = { ip: "10.0.0.1", namespace: "one", labels: { app: "a" } };
const b: Peer = { ip: "10.0.0.2", namespace: "one", labels: { app: "b" } };
const other: Peer = { ip: "10.0.1.1", namespace: "two", labels: { app: "a" } };
const outside: Peer = { ip: "192.0.2.1" };

const forA = (spec: Omit<Policy["spec"], "podSelector">): Policy => ({
  metadata: { namespace: "one" },
  spec: { podSelector: { matchLabels: { app: "a" } }, ...spec },
});
const in80 = (...from: object[]) => forA({ ingress: [{ from, ports: [{ port: 80 }] }] });
const out = (...to: object[]) => forA({ policyTypes: ["Egress"], egress: [{ to }] });

const rows: readonly [what: string, policies: Policy[], flow: [Peer, Peer, number?, string?], allowed: boolean][] = [
  ["without a policy everything is allowed", [], [b, a], true],
  ["a policy without rules refuses", [forA({ policyTypes: ["Ingress"] })], [b, a], false],
  ["without policyTypes and egress it is for ingress alone", [forA({})], [a, b], true],
  ["with egress and no policyTypes it is for both", [forA({ egress: [] })], [a, b], false],
  ["pods that it doesn't select are free", [forA({ policyTypes: ["Ingress"] })], [a, b], true],
  ["pods of another namespace are none of its own", [forA({ policyTypes: ["Ingress"] })], [b, other], true],
  [
    "a podSelector alone means the policy's namespace",
    [in80({ podSelector: { matchLabels: { app: "a" } } })],
    [other, a],
    false,
  ],
  ["an empty podSelector is every pod there", [in80({ podSelector: {} })], [b, a], true],
  ["an empty namespaceSelector is every pod of the cluster", [in80({ namespaceSelector: {} })], [other, a], true],
  ["and nobody outside of it", [in80({ namespaceSelector: {} })], [outside, a], false],
  ["an empty list of peers is everybody", [in80()], [outside, a], true],
  ["another port is another flow", [in80()], [outside, a, 81], false],
  ["as is another protocol", [in80()], [outside, a, 80, "UDP"], false],
  ["an ipBlock takes its addresses", [out({ ipBlock: { cidr: "192.0.2.0/24" } })], [a, outside], true],
  ["but for the excepted", [out({ ipBlock: { cidr: "0.0.0.0/0", except: ["192.0.2.1/32"] } })], [a, outside], false],
  ["and none of the other family", [out({ ipBlock: { cidr: "::/0" } })], [a, outside], false],
  ["policies add up", [in80({ podSelector: {} }), in80({ namespaceSelector: {} })], [other, a], true],
  [
    "both ends must agree",
    [in80({ podSelector: {} }), { ...out(), spec: { podSelector: {}, policyTypes: ["Egress"] } }],
    [b, a],
    false,
  ],
];

for (const [what, policies, [from, to, port = 80, protocol = "TCP"], allowed] of rows) {
  test(what, (t) => {
    const flow: Flow = { from, to, port, protocol };
    t.is(isAllowed(policies, flow), allowed);
  });
}

test("a selector that it doesn't understand is an error, not a match", (t) => {
  const policy = in80({ podSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] } });
  t.throws(() => isAllowed([policy], { from: b, to: a, port: 80 }), { message: /matchExpressions/ });
});
