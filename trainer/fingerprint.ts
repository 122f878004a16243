import { createHash, type Hash } from "node:crypto";
import { endianness } from "node:os";
import type { ModelVersion } from "../mlflow/store.ts";
import { versionTags } from "../mlflow/store.ts";
import type { TrainingSet } from "./features/index.ts";
import type { TrainingSpec } from "./training-spec.ts";
import { parseUtcTime } from "./utc-time.ts";

/**
 * Raise it by hand whenever a change of the code should train anew what was trained before: a better forest, another
 * content of the model folder. Nothing else about the code is part of the fingerprint.
 */
const trainingFormat = 1;

/** What decides a training, each part a short digest; two trainings of equal parts are one. */
export interface FingerprintParts {
  /** Names, types, definitions and rows of the features. */
  readonly features: string;
  /** Name, values and event timestamps of the labels. */
  readonly labels: string;
  /** The forest's parameters, defaults included. */
  readonly hyperparameters: string;
  /** The rule that divides rows into training and test. */
  readonly split: string;
  /** Number of the training's format, raised by hand. */
  readonly format: string;
}

/** The parts, and a digest of them all. */
export interface Fingerprint {
  /** SHA-256 over the parts, hex. */
  readonly whole: string;
  readonly parts: FingerprintParts;
}

/** Names of the parts, in the order of the digest. */
export const fingerprintParts = ["features", "labels", "hyperparameters", "split", "format"] as const;

/**
 * The fingerprint of a training: the same for the same content, whatever the paths, the rows' order in files, the time
 * or the machine. `set` holds all rows that have a label, in the order that its type defines.
 */
export function fingerprint(spec: TrainingSpec, set: TrainingSet): Fingerprint {
  const { labelHorizonDays, trainBefore, testFrom, forest } = spec;
  const time = (text: string | undefined) => (text === undefined ? null : parseUtcTime(text));
  return fingerprintFrom({
    features: digest(
      { names: set.features.map(({ name, type }) => [name, type]), definitions: set.definitions, rows: set.rows },
      set.features.map(({ values }) => values),
    ),
    labels: digest({ name: set.labelName, rows: set.rows }, [set.eventTimestamp, set.label]),
    hyperparameters: digest(Object.entries(forest).sort(([a], [b]) => (a < b ? -1 : 1))),
    split: digest([labelHorizonDays, time(trainBefore), time(testFrom)]),
    format: String(trainingFormat),
  });
}

/** The tags of a version that {@link fingerprintOf} reads. */
export function fingerprintTags({ whole, parts }: Fingerprint): Record<string, string> {
  return {
    [versionTags.fingerprint]: whole,
    ...Object.fromEntries(fingerprintParts.map((name) => [`${versionTags.fingerprint}_${name}`, parts[name]])),
  };
}

/** The fingerprint of the training that a version came from; undefined for one that was registered by other means. */
export function fingerprintOf({ tags }: ModelVersion): Fingerprint | undefined {
  const entries = fingerprintParts.map((name) => [name, tags[`${versionTags.fingerprint}_${name}`]] as const);
  const whole = tags[versionTags.fingerprint];
  if (whole === undefined || entries.some(([, part]) => part === undefined)) return undefined;
  return { whole, parts: Object.fromEntries(entries) as unknown as FingerprintParts };
}

function fingerprintFrom(parts: FingerprintParts): Fingerprint {
  const hash = createHash("sha256").update(JSON.stringify(fingerprintParts.map((name) => parts[name])));
  return { whole: hash.digest("hex"), parts };
}

function digest(description: unknown, columns: readonly Float64Array[] = []): string {
  const hash = createHash("sha256").update(JSON.stringify(description));
  for (const column of columns) updateWithColumn(hash, column);
  return hash.digest("hex").slice(0, 16);
}

/** Numbers as little-endian doubles, on any machine; every NaN alike, and -0 as 0. */
function updateWithColumn(hash: Hash, column: Float64Array): void {
  const canonical = column.map((value) => (Number.isNaN(value) ? Number.NaN : value + 0));
  const bytes = Buffer.from(canonical.buffer);
  hash.update(endianness() === "LE" ? bytes : bytes.swap64());
}
