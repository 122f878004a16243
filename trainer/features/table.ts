/** A column of a file, by the name that the file gives it. */
export interface Column {
  readonly name: string;
  /** DuckDB's name of its type. */
  readonly type: string;
  /** SQL that reads it: its place in {@link Table.from}, since two names may differ in case only. */
  readonly sql: string;
}

/** A file, or several as one table. */
export interface Table {
  /** For messages. */
  readonly path: string;
  /** SQL to put after FROM, given an alias. */
  readonly from: (alias: string) => string;
  readonly columns: readonly Column[];
}

/** A table of a reader's columns, read by their place in it. */
export function tableOf(path: string, reader: string, columns: readonly { name: string; type: string }[]): Table {
  const places = columns.map((_, place) => `c${place}`);
  return {
    path,
    from: (alias) => `${reader} as ${alias}(${places.join(", ")})`,
    columns: columns.map(({ name, type }, place) => ({ name, type, sql: `c${place}` })),
  };
}

/** Kinds of values that compare with each other as themselves. */
export type Kind = "number" | "text" | "time" | "boolean" | "other";

/** The kind of a DuckDB type. */
export function kindOf(type: string): Kind {
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\))$/.test(type)) return "number";
  if (/^(VARCHAR|ENUM\(.*\))$/.test(type)) return "text";
  if (/^(DATE|TIMESTAMP.*)$/.test(type)) return "time";
  return type === "BOOLEAN" ? "boolean" : "other";
}
