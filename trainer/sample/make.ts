import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeTables } from "./tables.ts";

const help = `Makes the sample Feast repository again: its Parquet files from CDNOW's purchases, then its registry.db.

  npm run sample -- [--feast COMMAND]

  --feast COMMAND  Feast's command line, 0.67 (pip install "feast[duckdb]==0.67.0"); default: feast, from PATH`;

const folder = import.meta.dirname;

/** Runs Feast's command line on the sample; `apply` writes its definitions to data/registry.db. */
function runFeast(command: string, subcommand: "version" | "apply"): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, ["--chdir", folder, subcommand], { stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", reject);
    child.once("close", (status, signal) => {
      if (status === 0) resolve();
      else reject(new Error(`"${command} ${subcommand}" ended with ${status ?? signal}`));
    });
  });
}

const options = { feast: { type: "string", default: "feast" }, help: { type: "boolean" } } as const;

async function main(): Promise<number> {
  let values: { feast: string; help?: boolean };
  try {
    values = parseArgs({ options }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
  if (values.help) {
    console.log(help);
    return 0;
  }
  try {
    await runFeast(values.feast, "version");
  } catch (error) {
    const wanted = "install feast[duckdb]==0.67.0 with pip and name its command with --feast";
    console.error(`nothing was made: expected Feast's command line: ${(error as Error).message}. ${wanted}`);
    return 1;
  }
  await writeTables(join(folder, "cdnow_transactions.csv.gz"), join(folder, "data"));
  console.log("wrote data/customer_purchases.parquet, data/customer_support.parquet and data/churn_labels.parquet");
  try {
    await runFeast(values.feast, "apply");
  } catch (error) {
    console.error(`data/registry.db was not renewed: ${(error as Error).message}`);
    return 1;
  }
  return 0;
}

process.exitCode = await main();
