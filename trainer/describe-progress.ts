import type { TrainingProgress } from "./progress.ts";

/** A line that says what a training does; undefined where there's nothing to say: of the trees, every tenth part is told. */
export function describeProgress(progress: TrainingProgress): string | undefined {
  const count = (value: number) => value.toLocaleString("en");
  switch (progress.step) {
    case "features":
      if (progress.status === "started") return `features: joining those of ${progress.repository}`;
      return (
        `features: ${count(progress.rows)} rows of ${progress.features} features, ` +
        `${count(progress.trainRows)} to train on, ${count(progress.testRows)} to test on, ` +
        `${count(progress.rows - progress.trainRows - progress.testRows)} between them left out`
      );
    case "reuse":
      return `${progress.model} version ${progress.version} was trained from the same data and settings: nothing to train`;
    case "train": {
      const { done, total } = progress;
      const tenth = Math.floor((10 * done) / total);
      return tenth > Math.floor((10 * (done - 1)) / total) ? `train: ${done} of ${total} trees` : undefined;
    }
    case "evaluate": {
      const metrics = Object.entries(progress.metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`);
      const missing = Object.entries(progress.undefinedMetrics).map(([name, reason]) => `no ${name} (${reason})`);
      return `evaluate: ${[...metrics, ...missing].join(", ")}`;
    }
    case "export":
      return (
        `export: ONNX of ${count(progress.bytes)} bytes, sha256 ${progress.sha256}; ` +
        `ONNX Runtime answers ${count(progress.verifiedRows)} test rows as the forest does`
      );
    case "register":
      if (progress.status === "started") return `register: ${progress.model} at ${progress.uri}`;
      return `register: ${progress.model} version ${progress.version}`;
  }
}
