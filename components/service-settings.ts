/** What the service is told of its clients, wherever it runs: whose pages may ask, and how much of it a request may take. */
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
}

/** The same as the service's environment. */
export function serviceVariables(settings: ServiceSettings): Record<string, string> {
  return {
    CORS_ORIGINS: settings.corsOrigins.join(","),
    MAX_BODY_BYTES: String(settings.maxBodyBytes),
    MAX_ROWS: String(settings.maxRows),
    MAX_CONNECTIONS: String(settings.maxConnections),
    REQUEST_TIMEOUT_SECONDS: String(settings.requestTimeoutSeconds),
  };
}
