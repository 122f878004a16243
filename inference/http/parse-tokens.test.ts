import test from "ava";
import fc from "fast-check";
import { commaTokens, lineTokens } from "./parse-tokens.ts";

const token = fc.stringMatching(/^[A-Za-z0-9\-._~+/]{32,80}={0,2}$/);
const space = fc.stringMatching(/^[ \t]{0,3}$/);

test("tokens come back as they were written, line by line or with commas, whatever is between", (t) => {
  const comment = fc.tuple(space, fc.stringMatching(/^[^\n]{0,40}$/)).map(([indent, text]) => `${indent}#${text}`);
  const line = fc
    .tuple(space, token, space)
    .map(([before, text, after]) => ({ text: before + text + after, token: text }));
  const noise = fc.oneof(comment, space).map((text) => ({ text, token: undefined }));
  fc.assert(
    fc.property(fc.array(fc.oneof(line, noise)), line, fc.constantFrom("\n", "\r\n"), (lines, last, end) => {
      const all = [...lines, last];
      const tokens = all.flatMap(({ token }) => token ?? []);
      t.deepEqual(lineTokens("file", all.map(({ text }) => text).join(end)), tokens);
      t.deepEqual(commaTokens("TOKENS", tokens.join(" , ")), tokens);
    }),
  );
});

for (const [title, read, message] of [
  ["no token", () => lineTokens("file", "# none\n\n"), "file: expected at least one token, got none"],
  ["commas alone", () => commaTokens("AUTH_TOKENS", ", ,"), "AUTH_TOKENS: expected at least one token, got none"],
  [
    "a short token",
    () => lineTokens("file", `# one\n${"a".repeat(32)}\nhunter2`),
    /^file: line 3: expected a token of at least 32 characters.*, of 7 characters$/,
  ],
  [
    "a token with a space",
    () => commaTokens("AUTH_TOKENS", `${"a".repeat(20)} hunter2${"a".repeat(20)}`),
    /^AUTH_TOKENS: token 1: expected/,
  ],
  ["a comment after a token", () => lineTokens("file", `${"a".repeat(32)} # hunter2`), /^file: line 1: expected/],
] as const)
  test(`${title} is refused by its place, and not repeated`, (t) => {
    const error = t.throws(read, { message });
    t.notRegex(error.message, /hunter2|aaaa/);
  });
