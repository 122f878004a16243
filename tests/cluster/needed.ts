/** A variable that the test cluster exports. @throws Error that says how to have it. */
export function needed(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name}: expected what the test cluster exports (cluster env), got nothing`);
}
