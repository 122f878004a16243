import test from "ava";
import { lifecyclePolicy } from "./lifecycle-policy.ts";

test("only untagged images expire, unless a count is given", (t) => {
  const { rules } = JSON.parse(lifecyclePolicy(0));
  t.is(rules.length, 1);
  t.like(rules[0], { selection: { tagStatus: "untagged" }, action: { type: "expire" } });
});

test("with a count, the newest tagged images stay", (t) => {
  const { rules } = JSON.parse(lifecyclePolicy(30));
  t.deepEqual(rules[1].selection, {
    tagStatus: "tagged",
    tagPatternList: ["*"],
    countType: "imageCountMoreThan",
    countNumber: 30,
  });
});
