import { readFile } from "node:fs/promises";
import { type Expectation, parseExpectation } from "../mlflow/expectation.ts";

/** @throws Error naming the variable, the file and what is wrong with it. */
export async function readExpectation(file: string): Promise<Expectation> {
  try {
    return parseExpectation(await readFile(file, "utf8"), file);
  } catch (cause) {
    throw new Error(`MODEL_EXPECTATION_FILE: ${(cause as Error).message}`, { cause });
  }
}
