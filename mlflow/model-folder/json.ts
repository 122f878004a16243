import { MlflowError } from "../error.ts";

/** JSON.parse whose error names the place. @throws MlflowError */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MlflowError(`${where}: expected JSON, got ${JSON.stringify(text.slice(0, 60))}`, { cause });
  }
}
