/** Name of Swagger UI's style sheet, and of its code, in its package and under `/docs`. */
export const [styleSheet, code] = ["swagger-ui.css", "swagger-ui-bundle.js"];

/**
 * The page: Swagger UI over the service's own document. All addresses are relative to `/docs`, so that they hold behind
 * a proxy that puts a path in front.
 *
 * @param version - of the assets, which browsers keep for as long as it stays the same.
 */
export function docsHtml(version: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Predictions</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/${styleSheet}?v=${version}">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/${code}?v=${version}"></script>
<script src="docs/page.js?v=${version}"></script>
</body>
</html>
`;
}

/** Starts Swagger UI. No validator: it would send the document's address to another host. */
export const docsScript = `SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
`;

/** What the page may load and ask: this service alone. Swagger UI's style sheet has its icons in it as data. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
