import test from "ava";
import { changed, keys, permits, refuses } from "../fixtures/changed.ts";
import { others, resource, unknown } from "../fixtures/good.ts";
import { narrowTrust } from "./narrow-trust.ts";

const role = others.role!;
const statement = "assumeRolePolicy.Statement[0]";
const equals = [...keys(`${statement}.Condition.StringEquals`)];
const path = `${statement}.Condition`;

for (const claim of ["sub", "aud"]) {
  test(`a web identity that is trusted whatever its ${claim} is refused`, (t) => {
    refuses(t, narrowTrust, role, [...equals, `oidc.example:${claim}`], undefined, `${path}.StringEquals`);
  });

  test(`a web identity whose ${claim} is only like something is refused`, (t) => {
    const like = { StringLike: { [`oidc.example:${claim}`]: ["system:serviceaccount:*:ml-inference"] } };
    const bare = changed(role, [...equals, `oidc.example:${claim}`], undefined);
    const problems = narrowTrust.check(changed(bare, keys(`${path}.StringLike`), like.StringLike));
    t.deepEqual(
      problems.map((problem) => problem.split(": expected")[0]),
      [`${path}.StringEquals`, `${path}.StringLike["oidc.example:${claim}"]`],
    );
  });
}

test("an equality that holds where there is no claim is none", (t) => {
  const good = (role.properties as { assumeRolePolicy: { Statement: [{ Condition: { StringEquals: object } }] } })
    .assumeRolePolicy.Statement[0].Condition.StringEquals;
  t.is(narrowTrust.check(changed(role, keys(path), { StringEqualsIfExists: good })).length, 2);
});

test("a role that anyone may take is refused", (t) => {
  refuses(t, narrowTrust, role, `${statement}.Principal`, "*");
  refuses(t, narrowTrust, role, `${statement}.Principal.AWS`, ["*"]);
});

test("a role that a service of AWS takes needs no claims, and what is known later isn't judged", (t) => {
  const pods = {
    Effect: "Allow",
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Principal: { Service: "pods.eks.amazonaws.com" },
  };
  permits(t, narrowTrust, role, statement, pods);
  for (const at of ["assumeRolePolicy", path, `${path}.StringEquals`]) permits(t, narrowTrust, role, at, unknown);
  t.deepEqual(narrowTrust.check(resource("aws:iam/policy:Policy", role.properties)), []);
});
