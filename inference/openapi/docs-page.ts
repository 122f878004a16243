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
<form id="token" class="swagger-ui wrapper" hidden>
<h2>Predictions</h2>
<p id="said" role="status"></p>
<label>Bearer token <input name="token" type="password" autocomplete="off" required></label>
<button class="btn authorize">Authorize</button>
</form>
<div id="swagger-ui"></div>
<script src="docs/${code}?v=${version}"></script>
<script src="docs/page.js?v=${version}"></script>
</body>
</html>
`;
}

/**
 * Starts Swagger UI, once the document may be had: where it takes a token, whoever reads the page is asked for one, which
 * counts for what is tried, too, and is kept until the page is left. No validator: it would send the document's address to
 * another host.
 */
export const docsScript = `"use strict";
const form = document.querySelector("#token");

const authorization = (token) => (token ? { Authorization: "Bearer " + token } : {});

async function load(token) {
  const { status } = await fetch("openapi.json", { headers: authorization(token) });
  form.hidden = status !== 401;
  if (status !== 401) return start(token);
  document.querySelector("#said").textContent =
    token ? "The service doesn't know this token." : "The service asks for a token.";
}

function start(token) {
  const page = SwaggerUIBundle({
    url: "openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    displayRequestDuration: true,
    validatorUrl: null,
    requestInterceptor(request) {
      if (request.loadSpec) Object.assign(request.headers, authorization(token));
      return request;
    },
    onComplete() {
      if (token) page.preauthorizeApiKey("bearer", token);
    },
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  load(new FormData(form).get("token"));
});
load();
`;

/** What the page may load and ask: this service alone. Swagger UI's style sheet has its icons in it as data. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
