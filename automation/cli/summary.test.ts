import { execFileSync } from "node:child_process";
import test from "ava";
import { summarize } from "./summary.ts";

const destroyed = { stack: "prod", operation: "destroy", skipped: [], changes: [] } as const;
const change = { operation: "delete", name: "pods", kind: "Deployment", urn: "u", changed: [] } as const;

test("a destroy that leaves nothing says so in a line", (t) => {
  t.is(summarize({ ...destroyed, changes: [change] }), "Destroyed stack prod: nothing is served any more.");
  t.is(summarize(destroyed), "Stack prod is empty already.");
});

test("a destroy names what it leaves, and the way to let go of it, as a shell takes it", (t) => {
  const urn = "urn:pulumi:prod::p::pipeline:image:Image$aws:ecr/repository:Repository::image-repository";
  const kept = [{ name: "image-repository", kind: "Repository", id: "ml-inference", urn }];
  const text = summarize({ ...destroyed, changes: [change], kept });
  t.regex(text, /^Destroyed stack prod, but for what is protected: .* These stay/);
  t.true(text.includes("  Repository ml-inference\n"));
  const unprotect = /npm run pulumi -- (state unprotect .* --stack prod)/.exec(text)![1];
  const words = execFileSync("sh", ["-c", `printf '%s\\n' ${unprotect}`], { encoding: "utf8" });
  t.deepEqual(words.trim().split("\n"), ["state", "unprotect", urn, "--stack", "prod"]);
});
