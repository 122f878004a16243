/**
 * Headers of every answer: it is what its Content-Type says, is kept by nobody, and is no page that loads or runs
 * anything or lies in another. An endpoint that is a page sets its own Content-Security-Policy.
 */
export const safeHeaders = {
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
};
