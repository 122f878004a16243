/** Oldest Pulumi CLI that is taken: the one that the pipeline is tested with. */
export const oldestVersion = "3.230.0";

/** The CLI that is built where none can be found or downloaded: of the releases whose Go modules build without Pulumi's own tree. */
export const builtVersion = "3.230.0";
