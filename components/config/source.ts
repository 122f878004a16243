import { RunError } from "@pulumi/pulumi";
import leven from "leven";
import type { ConfigKey } from "./schema.ts";

/** Everything that a stack's settings are read from. */
export interface ConfigSources {
  readonly schema: ReadonlyMap<string, ConfigKey>;
  /** What the engine hands to the program, without the project's name: the stack's settings and Pulumi.yaml's defaults. */
  readonly values: Readonly<Record<string, string>>;
  /** Keys that the stack's own file sets, and whether each is sealed there. */
  readonly stackKeys: ReadonlyMap<string, "sealed" | "plain">;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Keys that an environment variable can set where the stack doesn't. */
const environmentNames: Readonly<Record<string, string>> = {
  modelName: "MODEL_NAME",
  modelVersion: "MODEL_VERSION",
  experimentName: "EXPERIMENT_NAME",
  mlflowTrackingUri: "MLFLOW_TRACKING_URI",
  feastRepoPath: "FEAST_REPO_PATH",
  port: "PORT",
  logLevel: "LOG_LEVEL",
  authTokensFile: "AUTH_TOKENS_FILE",
  corsOrigins: "CORS_ORIGINS",
  maxBodyBytes: "MAX_BODY_BYTES",
  maxRows: "MAX_ROWS",
  maxConnections: "MAX_CONNECTIONS",
  requestTimeoutSeconds: "REQUEST_TIMEOUT_SECONDS",
  ecrRepository: "ECR_REPOSITORY",
  imageTag: "IMAGE_TAG",
  awsRegion: "AWS_REGION",
  awsAccountId: "AWS_ACCOUNT_ID",
};

/** Typed access to settings: the stack's config beats the environment, which beats Pulumi.yaml's default. */
export class ConfigSource {
  readonly #sources: ConfigSources;

  /** @throws RunError when the stack sets a key that Pulumi.yaml doesn't declare; it names the nearest one. */
  constructor(sources: ConfigSources) {
    this.#sources = sources;
    const known = [...sources.schema.keys()];
    for (const key of Object.keys(sources.values)) {
      if (sources.schema.has(key)) continue;
      const nearest = known.reduce((a, b) => (leven(key, b) < leven(key, a) ? b : a));
      throw new RunError(
        `config ${key}: no such key; did you mean ${nearest}? Remove it with: npm run pulumi -- config rm ${key} --stack NAME (Pulumi.yaml lists all keys)`,
      );
    }
  }

  string(key: string): string {
    return this.#find(key).text;
  }

  /** @throws RunError when the text isn't a whole number from `min` to `max`. */
  integer(key: string, min: number, max: number): number {
    const { text, where } = this.#find(key);
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= min && value <= max) return value;
    throw new RunError(`${where}: expected a whole number from ${min} to ${max}, got "${text}"`);
  }

  /** @throws RunError when the text is neither `true` nor `false`. */
  boolean(key: string): boolean {
    const { text, where } = this.#find(key);
    if (text === "true" || text === "false") return text === "true";
    throw new RunError(`${where}: expected true or false, got "${text}"`);
  }

  /** @throws RunError when the text isn't one of `choices`. */
  choice<const Choice extends string>(key: string, choices: readonly Choice[]): Choice {
    const { text, where } = this.#find(key);
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    throw new RunError(`${where}: expected ${choices.join(" or ")}, got "${text}"`);
  }

  /** @throws RunError when the text doesn't match `pattern`; `expected` says what would. */
  match(key: string, pattern: RegExp, expected: string): string {
    const { text, where } = this.#find(key);
    if (pattern.test(text)) return text;
    throw new RunError(`${where}: expected ${expected}, got "${text}"`);
  }

  /** @throws RunError when there is a text: `instead` says what to set, so that nobody believes in what has no effect. */
  requireNone(key: string, instead: string): void {
    const { text, where } = this.#find(key);
    if (text !== "") throw new RunError(`${where}: expected nothing, got "${text}": ${instead}`);
  }

  /**
   * A comma-separated list.
   *
   * @throws RunError when one of its items doesn't match `pattern`; `expected` says what an item is.
   */
  list(key: string, pattern: RegExp, expected: string): readonly string[] {
    const { text, where } = this.#find(key);
    const items = text.split(",").map((item) => item.trim());
    const [wrong] = items.filter((item) => item !== "" && !pattern.test(item));
    if (wrong === undefined) return items.filter((item) => item !== "");
    throw new RunError(`${where}: expected ${expected}, or several separated by commas, got "${wrong}"`);
  }

  /** A comma-separated list of address ranges. @throws RunError when one of them is none. */
  cidrs(key: string): readonly string[] {
    return this.list(key, /^[0-9a-fA-F.:]+\/\d{1,3}$/, "an address range, as 10.0.0.0/16");
  }

  /** Kubernetes' labels, as a comma-separated list of `name=value`. @throws RunError when one of them is none. */
  labels(key: string): Readonly<Record<string, string>> {
    const label = /^([a-z0-9.-]+\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?=([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/;
    const items = this.list(key, label, "a label, as release=kube-prometheus-stack");
    return Object.fromEntries(items.map((item) => item.split("=") as [string, string]));
  }

  /** A JSON object of strings; empty text is an empty one. @throws RunError when it is none. */
  strings(key: string): Readonly<Record<string, string>> {
    const { text, where } = this.#find(key);
    if (text === "") return {};
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      value = undefined;
    }
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    if (isObject && Object.values(value as object).every((item) => typeof item === "string"))
      return value as Record<string, string>;
    throw new RunError(`${where}: expected a JSON object of strings, as {"key": "value"}, got ${JSON.stringify(text)}`);
  }

  /** @throws RunError, which doesn't repeat the text, when it is empty, or the stack's file has it in plain. */
  secret(key: string): string {
    const { text, where } = this.#find(key);
    const command = `npm run pulumi -- config set ${key} --secret --stack NAME`;
    if (text === "") throw new RunError(`${where}: expected a value: ${command}`);
    if (this.#sources.stackKeys.get(key) === "plain")
      throw new RunError(
        `${where}: expected it encrypted, got it in plain: ${command}; where others had the file, a new one`,
      );
    return text;
  }

  #find(key: string): { text: string; where: string } {
    const { schema, values, stackKeys, environment } = this.#sources;
    const fallback = String(schema.get(key)?.default);
    const value = values[key] ?? fallback;
    if (stackKeys.has(key) || value !== fallback) return { text: value, where: `config ${key}` };
    const variable = environmentNames[key];
    const fromEnvironment = variable && environment[variable];
    if (fromEnvironment) return { text: fromEnvironment, where: `environment ${variable} (config ${key})` };
    return { text: fallback, where: `config ${key}` };
  }
}
