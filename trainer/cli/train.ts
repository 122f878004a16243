import { credentialsFrom, openStore } from "../../mlflow/open-store.ts";
import { describeProgress } from "../describe-progress.ts";
import { planTraining, train } from "../pipeline.ts";
import { TrainingSpecError } from "../training-spec.ts";
import { parseTrainOptions, trainHelp, UsageError } from "./train-options.ts";

/** `npm run train`: {@link trainHelp} says what it takes and gives. */
async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  try {
    const { help, trackingUri, spec } = parseTrainOptions(args, process.env);
    if (help) {
      console.log(trainHelp);
      return 0;
    }
    const onProgress = (progress: Parameters<typeof describeProgress>[0]) => {
      const line = describeProgress(progress);
      if (line !== undefined) console.error(line);
    };
    const store = openStore(trackingUri, credentialsFrom(process.env));
    const plan = await planTraining(spec, { onProgress, signal });
    console.log(JSON.stringify(await train(plan, store, { onProgress, signal })));
    return 0;
  } catch (error) {
    return report(error, signal);
  }
}

function report(error: unknown, signal: AbortSignal): number {
  if (signal.aborted) {
    console.error("interrupted: nothing was registered");
    return 130;
  }
  if (error instanceof UsageError || error instanceof TrainingSpecError) {
    console.error(`${error.message}\nnpm run train -- --help lists the options`);
    return 2;
  }
  for (let cause = error; cause !== undefined; cause = cause instanceof Error ? cause.cause : undefined)
    console.error(`${cause === error ? "" : "because: "}${cause instanceof Error ? cause.message : cause}`);
  return 1;
}

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const)
  process.once(name, () => interruption.abort(new Error(`interrupted by ${name}`)));
process.exitCode = await main(process.argv.slice(2), interruption.signal);
