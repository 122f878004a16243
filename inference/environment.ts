/** Variables by their names; an empty one counts as absent. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A text of the environment. @throws Error naming the variable, what was expected and what came. */
export function text(env: Environment, name: string, fallback: string, pattern: RegExp, expected: string): string {
  const value = env[name] || fallback;
  if (pattern.test(value)) return value;
  throw new Error(`${name}: expected ${expected}, got ${JSON.stringify(value)}`);
}

/** A whole number of the environment. @throws Error naming the variable, what was expected and what came. */
export function whole(env: Environment, name: string, fallback: number, min: number, max: number): number {
  const value = env[name];
  if (!value) return fallback;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new Error(`${name}: expected a whole number from ${min} to ${max}, got ${JSON.stringify(value)}`);
}
