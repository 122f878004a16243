import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { pythonClient } from "./python-client.ts";
import { fetchDocument } from "./service-document.ts";
import { typescriptClient } from "./typescript-client.ts";

const usage = `Makes typed clients of an inference service from its OpenAPI document.

  npm run client -- --url http://…/openapi.json --out DIR [--language typescript|python]

  --url       address of the document
  --out       folder for the client: client.ts and schema.ts, or the package ml_inference_client
  --language  typescript or python; without it both are made

Environment:
  ML_INFERENCE_TOKEN  bearer token, where the service asks for one

Exit status: 1 where the document isn't to be had, 2 for a wrong command line.
`;

const makers = { typescript: typescriptClient, python: pythonClient };
type Language = keyof typeof makers;

async function main(): Promise<void> {
  const asked = readCommandLine();
  if (!asked) return;
  const { url, out, languages } = asked;
  try {
    const document = await fetchDocument(url, process.env.ML_INFERENCE_TOKEN || undefined);
    const { title, version } = document.info;
    const header = `Types of the model ${JSON.stringify(title)}, version ${version}, made by "npm run client" from its service's document.`;
    for (const language of languages) {
      const files = await makers[language](document, header);
      for (const [file, text] of files) {
        await mkdir(dirname(join(out, file)), { recursive: true });
        await writeFile(join(out, file), text);
        process.stdout.write(`${join(out, file)}\n`);
      }
    }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

/** @returns undefined where there is nothing to make: help was asked for, or the command line is wrong. */
function readCommandLine(): { url: string; out: string; languages: Language[] } | undefined {
  try {
    const { values } = parseArgs({
      options: {
        url: { type: "string" },
        out: { type: "string" },
        language: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) {
      process.stdout.write(usage);
      return undefined;
    }
    const { url, out, language } = values;
    if (!url || !URL.canParse(url)) throw new Error(`--url: expected an address, got ${url ?? "nothing"}`);
    if (!out) throw new Error("--out: expected a folder, got nothing");
    if (language !== undefined && !Object.hasOwn(makers, language))
      throw new Error(`--language: expected ${Object.keys(makers).join(" or ")}, got ${JSON.stringify(language)}`);
    return { url, out, languages: language ? [language as Language] : (Object.keys(makers) as Language[]) };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nSee --help.\n`);
    process.exitCode = 2;
    return undefined;
  }
}

await main();
