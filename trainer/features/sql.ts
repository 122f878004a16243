/** A string literal of SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A quoted identifier of SQL. DuckDB compares even quoted ones without regard to case. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A path for DuckDB's readers, which would take `*`, `?` and `[` for a glob's. */
export function escapeGlob(path: string): string {
  return path.replaceAll(/[*?[]/g, "[$&]");
}
