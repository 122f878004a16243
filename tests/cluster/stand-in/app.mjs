// Fails with FAILURE as its last words, ends well with ONCE, and answers HTTP otherwise.
import { createServer } from "node:http";

if (process.env.FAILURE) {
  console.error(process.env.FAILURE);
  process.exit(1);
}
if (!process.env.ONCE) createServer((_, response) => response.end("ok")).listen(8080);
process.on("SIGTERM", () => process.exit(0));
