import { type Environment, whole } from "../environment.ts";

/** How often the version that serves is looked up again. */
export interface ReloadSettings {
  /** 0: never. */
  readonly everyMs: number;
}

/** Lines of the help. */
export const reloadUsage = `\
  RELOAD_SECONDS          how often MODEL_VERSION, latest or @alias, is
                          looked up again; where it has moved, the model is
                          replaced between two requests; 0: never           0
`;

/** @throws Error naming the variable, what was expected and what came; where something else pins the version, too. */
export function readReloadSettings(env: Environment): ReloadSettings {
  const seconds = whole(env, "RELOAD_SECONDS", 0, 0, 86_400);
  const pinned = pinnedBy(env);
  if (seconds > 0 && pinned !== undefined)
    throw new Error(`RELOAD_SECONDS: expected 0 or none, as ${pinned}, got ${seconds}`);
  return { everyMs: seconds * 1000 };
}

function pinnedBy({ MODEL_VERSION, MODEL_PATH, MODEL_EXPECTATION_FILE }: Environment): string | undefined {
  if (MODEL_EXPECTATION_FILE)
    return "MODEL_EXPECTATION_FILE says which version is to be served: whoever wrote it rolls to another one";
  if (MODEL_PATH) return "MODEL_PATH is a bundle, which holds one version alone";
  return /^\d/.test(MODEL_VERSION ?? "")
    ? `MODEL_VERSION is the number ${MODEL_VERSION}, which never moves`
    : undefined;
}
