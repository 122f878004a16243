import type { InferenceSession } from "onnxruntime-node";
import { InvalidFeatures } from "../features/feature-problem.ts";
import type { FeatureRows, Predictions } from "../features/feature-rows.ts";
import type { ClassLabels } from "./graph/class-labels.ts";
import type { FeedRows } from "./onnx-inputs.ts";
import type { OutputRoles } from "./output-roles.ts";
import { outputReader } from "./read-outputs.ts";

/**
 * Answers rows by a session, of whose outputs only those that have a role are computed.
 *
 * @param classes - by which the greatest probability is the label, where no output is.
 */
export function sessionRunner(
  session: InferenceSession,
  feed: FeedRows,
  roles: OutputRoles,
  classes?: ClassLabels,
): (rows: FeatureRows) => Promise<Predictions> {
  const { label, value, probabilities } = roles;
  const answers = [label ?? value].flatMap((output) => output?.name ?? []);
  const fetches = [...answers, ...(probabilities?.names ?? [])];
  const read = outputReader(roles, classes);
  return async (rows) => {
    const feeds = feed(rows);
    let results: InferenceSession.ReturnType;
    try {
      results = await session.run(feeds, fetches);
    } catch (error) {
      throw toRefusal(error) ?? error;
    }
    return read(results, rows.count);
  };
}

/** Operators that fail at a value they don't know, such as a category, or an index out of range. */
const failing = /running (?:OneHotEncoder|OneHot|Gather\w*|ArrayFeatureExtractor) node\..*Status Message: (.*)/s;

/** What a run failed with, where it is the rows' fault: an operator refuses a value of theirs. */
function toRefusal(error: unknown): InvalidFeatures | undefined {
  const [, received] = failing.exec((error as Error).message) ?? [];
  if (received === undefined) return undefined;
  const expected = "values that the model knows from its training";
  return new InvalidFeatures([{ path: "body", problem: "value", expected, received: received.trim() }]);
}
