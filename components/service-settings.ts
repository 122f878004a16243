/** What the service is told wherever it runs: whose pages may ask, how much of it a request may take, and where features are. */
export interface ServiceSettings {
  /** Origins of pages that may ask from a browser, or `*`. */
  readonly corsOrigins: readonly string[];
  /** Bytes of a request's body. */
  readonly maxBodyBytes: number;
  /** Rows of a request. */
  readonly maxRows: number;
  /** Connections at a time, of each instance. */
  readonly maxConnections: number;
  /** For a whole request to come. */
  readonly requestTimeoutSeconds: number;
  /** Address of Feast's feature server as the service reaches it; empty for none. */
  readonly feastUri: string;
  /** Within which that must answer. */
  readonly feastTimeoutMs: number;
  /** How often it is asked again where it fails. */
  readonly feastRetries: number;
  /** Above which a feature that was looked up is missing: seconds, `ttl` or `any`. */
  readonly maxFeatureAge: string;
}

/** The same as the service's environment. */
export function serviceVariables(settings: ServiceSettings): Record<string, string> {
  return {
    CORS_ORIGINS: settings.corsOrigins.join(","),
    MAX_BODY_BYTES: String(settings.maxBodyBytes),
    MAX_ROWS: String(settings.maxRows),
    MAX_CONNECTIONS: String(settings.maxConnections),
    REQUEST_TIMEOUT_SECONDS: String(settings.requestTimeoutSeconds),
    FEAST_SERVER_URL: settings.feastUri,
    FEAST_TIMEOUT_MS: String(settings.feastTimeoutMs),
    FEAST_RETRIES: String(settings.feastRetries),
    MAX_FEATURE_AGE: settings.maxFeatureAge,
  };
}
