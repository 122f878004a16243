import test from "ava";
import { permits, refuses } from "../fixtures/changed.ts";
import { marked, others, resource, unknown } from "../fixtures/good.ts";
import { noWildcardIam } from "./no-wildcard-iam.ts";

const allow = (statement: object) => ({
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::artifacts/*", ...statement }],
});
const rows: readonly (readonly [what: string, statement: object, at: string])[] = [
  ["every action", { Action: "*" }, "Action"],
  ["every action of a service", { Action: ["s3:GetObject", "s3:*"] }, "Action"],
  ["every resource", { Resource: "*" }, "Resource"],
  ["every resource of a service", { Resource: ["arn:aws:s3:::*"] }, "Resource"],
  ["every action but some", { NotAction: "iam:*" }, "NotAction"],
  ["every resource but some", { NotResource: "arn:aws:s3:::secret" }, "NotResource"],
];

for (const [what, statement, at] of rows) {
  test(`refused: ${what}, in every kind of document`, (t) => {
    for (const kind of ["policy:Policy", "rolePolicy:RolePolicy", "userPolicy:UserPolicy", "groupPolicy:GroupPolicy"]) {
      const good = resource(`aws:iam/${kind}`, { policy: allow({}) });
      const path = `policy.Statement[0].${at}`;
      refuses(t, noWildcardIam, good, "policy", allow(statement), path);
      refuses(t, noWildcardIam, good, "policy", JSON.stringify(allow(statement)), path);
      refuses(t, noWildcardIam, good, "policy", marked(JSON.stringify(allow(statement))), path);
    }
  });

  test(`refused: ${what}, in a policy of a role itself`, (t) => {
    const inline = [{ name: "own", policy: JSON.stringify(allow(statement)) }];
    refuses(t, noWildcardIam, others.role!, "inlinePolicies", inline, `inlinePolicies[0].policy.Statement[0].${at}`);
  });
}

test("a document of one statement is held to it too", (t) => {
  const policy = { Statement: allow({ Action: "*" }).Statement[0] };
  refuses(t, noWildcardIam, others.policy!, "policy", policy, "policy.Statement.Action");
});

test("AWS's policies of all there is are refused, wherever they are attached", (t) => {
  const arn = "arn:aws:iam::aws:policy/";
  refuses(t, noWildcardIam, others.role!, "managedPolicyArns[0]", `${arn}AdministratorAccess`);
  const attachment = resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
    policyArn: `${arn}AmazonEKSWorkerNodePolicy`,
  });
  refuses(t, noWildcardIam, attachment, "policyArn", `${arn}AmazonS3FullAccess`);
  refuses(t, noWildcardIam, attachment, "policyArn", `${arn}job-function/AdministratorAccess`);
});

test("what is denied may be all there is, and what is known later isn't judged", (t) => {
  const denied = { Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] };
  permits(t, noWildcardIam, others.policy!, "policy", denied);
  permits(t, noWildcardIam, others.policy!, "policy", unknown);
  permits(t, noWildcardIam, others.policy!, "policy", allow({ Resource: [unknown, "arn:aws:s3:::artifacts"] }));
});
