import type { Gate } from "./exchange.ts";
import { HttpProblem } from "./http-problem.ts";

/** Source: RFC 9112, 3.2, "A server MUST respond with a 400 status code to any HTTP/1.1 request message that lacks a Host header field". */
export const requireHost: Gate = ({ request }) => {
  if (request.headers.host === undefined && request.httpVersion === "1.1")
    throw new HttpProblem(400, "expected the header Host, got none");
};
