import { shellWord } from "../../components/shell-word.ts";
import type { DeployResult } from "../deploy-result.ts";

/** What a deployment ended with, for people. */
export function summarize(result: DeployResult): string {
  const { operation, changes, stack, skipped } = result;
  if (operation === "destroy") return summarizeDestroy(result);
  if (operation === "preview")
    return changes.length > 0 ? `Stack ${stack} would change as above.` : `${asWanted(result)}: nothing would change.`;
  const without = skipped.length > 0 ? `, without: ${skipped.join(", ")}` : "";
  const headline =
    changes.length > 0 ? `Stack ${stack} is deployed${without}.` : `${asWanted(result)}: nothing changed.`;
  return [headline, ...modelLines(result), ...serviceLines(result)].join("\n");
}

function summarizeDestroy({ stack, changes, kept = [] }: DeployResult): string {
  const but = kept.length > 0 ? ", but for what is protected" : "";
  const headline =
    changes.length > 0
      ? `Destroyed stack ${stack}${but}: nothing is served any more.`
      : `Stack ${stack} is empty already${but}.`;
  if (kept.length === 0) return headline;
  return [
    `${headline} These stay, and the next deployment goes on with them:`,
    ...kept.map(({ kind, id }) => `  ${kind} ${id}`),
    `To have one deleted too: npm run pulumi -- state unprotect ${shellWord(kept[0]!.urn)} --stack ${stack}, then destroy again;`,
    "what AWS itself guards, as a repository with images, it refuses even then.",
  ].join("\n");
}

/** A run that skips steps can't say that the stack is as its config says. */
function asWanted({ stack, skipped }: DeployResult): string {
  return skipped.length > 0 ? `Stack ${stack}, without: ${skipped.join(", ")}` : `Stack ${stack} is as its config says`;
}

function modelLines({ modelName, modelVersion, runId, sha256, metrics, previous }: DeployResult): string[] {
  if (modelVersion === undefined) return [];
  const run = runId ? `run ${runId}, ` : ""; // a version can be registered without one
  const head = ["", `${modelName} version ${modelVersion} (${run}sha256 ${sha256?.slice(0, 12)}…)`];
  const beside = previous
    ? [`  ${"".padEnd(24)}${`version ${modelVersion}`.padStart(12)}${`version ${previous.modelVersion}`.padStart(14)}`]
    : [];
  const rows = Object.entries(metrics ?? {}).map(([name, value]) => {
    const before = previous?.metrics[name];
    return `  ${name.padEnd(24)}${format(value).padStart(12)}${before === undefined ? "" : format(before).padStart(14)}`;
  });
  return [...head, ...beside, ...rows];
}

function serviceLines({ endpoint, exampleRequest, skipped }: DeployResult): string[] {
  const left = skipped.includes("deploy");
  if (endpoint === undefined) return left ? ["", "Nothing is served yet: the deployment was skipped."] : [];
  if (left) return ["", `The service at ${endpoint} was left as it is.`];
  return [
    "",
    `It serves at ${endpoint}. Ask it:`,
    "",
    exampleRequest ? predictCommand(endpoint, exampleRequest) : `curl ${endpoint}/metadata`,
  ];
}

/** A `curl` that asks for predictions. */
function predictCommand(endpoint: string, body: NonNullable<DeployResult["exampleRequest"]>): string {
  return `curl ${endpoint}/predict -H 'Content-Type: application/json' -d ${shellWord(JSON.stringify(body))}`;
}

function format(value: number): string {
  return Number.isInteger(value) ? `${value}` : value.toFixed(4);
}
