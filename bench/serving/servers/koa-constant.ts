import { readFileSync } from "node:fs";
import { serveKoa } from "./koa-server.ts";

// node koa-constant.ts PORT ANSWER: Koa as it is without a model. It gives one answer, a JSON file's, to everything.
const [port, file] = process.argv.slice(2) as [string, string];
const answer: unknown = JSON.parse(readFileSync(file, "utf8"));
serveKoa(Number(port), () => answer);
