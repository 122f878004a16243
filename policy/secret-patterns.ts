/** What secrets look like wherever they stand. */
const patterns: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ["an AWS access key", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----|\bclient-key-data"?\s*:\s*"?[A-Za-z0-9+/=]{20}/],
  ["a URL with a password", /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"']*:(?!\$[({])[^\s/@"']+@/i],
  ["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,})/],
  ["a GitLab token", /\bglpat-[\w-]{20,}/],
  ["a Slack token", /\bxox[abeoprs]-[\w-]{10,}/],
  ["a Databricks token", /\bdapi[0-9a-f]{32}\b/],
  ["a Pulumi token", /\bpul-[0-9a-f]{40}\b/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a Hugging Face token", /\bhf_[A-Za-z0-9]{30,}\b/],
  ["a signed token", /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/],
];

const secretName = /(?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key|(?:access|secret|private|account)[-_]?key)$/i;
/** Names that end as secrets' do, and name something else. */
const harmlessName = /(?:client|creation|continuation|idempotency|next|request)[-_]?token$|bypass$/i;
/** A reference to a secret, or a switch. */
const reference = /^(?:\$[({]|arn:|https?:\/\/|(?:true|false|none|required|optional)$)/i;

/**
 * What kind of secret a text holds, in words.
 *
 * @param name - of the property or variable, which may say what its value is.
 */
export function secretIn(name: string, text: string): string | undefined {
  const found = patterns.find(([, pattern]) => pattern.test(text));
  if (found !== undefined) return found[0];
  const named = secretName.test(name) && !harmlessName.test(name) && text !== "" && !reference.test(text);
  return named ? `a value of ${name}` : undefined;
}
