export { FeatureError } from "./feature-error.ts";
export { type FeatureRepository, openFeatureRepository } from "./feature-repository.ts";
export { historicalFeatures, type RetrievalJob } from "./historical-features.ts";
export type { FeatureSelection, SelectedFeature } from "./resolve-features.ts";
export type { FeatureColumn, TrainingSet } from "./training-set.ts";
