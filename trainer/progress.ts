/** What a training tells while it runs, in this order; a training that is already registered goes on with `reuse`. */
export type TrainingProgress =
  | { readonly step: "features"; readonly status: "started"; readonly repository: string }
  | {
      readonly step: "features";
      readonly status: "finished";
      /** Rows with a label. */
      readonly rows: number;
      readonly features: number;
      readonly trainRows: number;
      readonly testRows: number;
    }
  | { readonly step: "reuse"; readonly model: string; readonly version: string }
  /** After each tree, and once before the first. */
  | { readonly step: "train"; readonly done: number; readonly total: number }
  | {
      readonly step: "evaluate";
      readonly metrics: Readonly<Record<string, number>>;
      /** Why a metric is missing, by its name. */
      readonly undefinedMetrics: Readonly<Record<string, string>>;
    }
  /** ONNX Runtime gave the forest's answers to all test rows. */
  | { readonly step: "export"; readonly bytes: number; readonly sha256: string; readonly verifiedRows: number }
  | { readonly step: "register"; readonly status: "started"; readonly model: string; readonly uri: string }
  | { readonly step: "register"; readonly status: "finished"; readonly model: string; readonly version: string };

/** Receives a training's progress. */
export type OnTrainingProgress = (progress: TrainingProgress) => void;
