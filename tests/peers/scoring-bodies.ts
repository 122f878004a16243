/** What a model folder declares of its inputs. */
export type Kind = "named" | "tensors" | "nothing";

/** A body for `/invocations`. */
export interface ScoringBody {
  readonly title: string;
  readonly type: string;
  readonly body: string;
  /** Models by what their folders declare, which MLflow takes it for. */
  readonly taken: readonly Kind[];
}

const everywhere: readonly Kind[] = ["named", "tensors", "nothing"];
const arrays: readonly Kind[] = ["tensors", "nothing"];
const rows = [
  [1, 0.25, 2],
  [12, 30.5, 2],
];

/**
 * Bodies that the service takes at least where MLflow does.
 *
 * @param columns - three: an integer, a number and a number.
 */
export function mlflowBodies(columns: readonly string[]): ScoringBody[] {
  const [a, b, c] = columns as [string, string, string];
  const records = rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
  const byName = Object.fromEntries(columns.map((name, at) => [name, rows.map((row) => row[at])]));
  const split = { columns, data: rows };
  return [
    json("split", { dataframe_split: split }, everywhere),
    json("split with an index", { dataframe_split: { ...split, index: [5, 6] } }, everywhere),
    json("split in another order", { dataframe_split: { columns: [c, a, b], data: [[2, 1, 0.25]] } }, everywhere),
    json("split without names", { dataframe_split: { data: rows } }, arrays),
    json("split of other names", { dataframe_split: { columns: ["p", "q", "r"], data: rows } }, arrays),
    json("records", { dataframe_records: records }, everywhere),
    json("inputs by name", { inputs: byName }, ["named"]),
    json("inputs of one row", { inputs: records[0] }, ["named"]),
    json("inputs as objects", { inputs: records }, ["named"]),
    json("inputs as arrays", { inputs: rows }, arrays),
    json("inputs by the graph's name", { inputs: { X: rows } }, ["nothing"]),
    json("instances as objects", { instances: records }, ["named"]),
    json("instances as arrays", { instances: rows }, arrays),
    json("params", { dataframe_split: split, params: { any: 1 } }, everywhere),
    json("another member", { dataframe_split: split, client_request_id: "1" }, everywhere),
    csv("CSV", `${[columns, ...rows].join("\n")}\n`, ["named", "nothing"]),
    csv("CSV with an index", `,${columns}\n0,1,0.25,2\n1,12,30.5,2\n`, ["named"]),
    csv("CSV with quotes and empty lines", `"${a}","${b}",${c}\r\n"1", 0.25 ,2\r\n\r\n12,3.05e1,2.0`, [
      "named",
      "nothing",
    ]),
  ];
}

/**
 * Bodies with missing values, which a model with names takes where its signature says so.
 *
 * @param optional - place of the column that may be missing.
 */
export function bodiesWithGaps(columns: readonly string[], optional: number): ScoringBody[] {
  const missing = rows.map((row) => row.map((value, at) => (at === optional ? "?" : value)));
  const withNan = JSON.stringify({ dataframe_split: { columns, data: missing } }).replaceAll('"?"', "NaN");
  const withEmpty = [columns, ...missing].join("\n").replaceAll("?", "");
  return [
    { title: "split with NaN", type: "application/json", body: withNan, taken: ["named"] },
    csv("CSV with missing values", withEmpty, ["named"]),
  ];
}

/** Bodies that both refuse, whatever the model declares. */
export function refusedBodies(columns: readonly string[]): Omit<ScoringBody, "taken">[] {
  return [
    json("two formats", { dataframe_split: { columns, data: rows }, inputs: rows }),
    json("no format", { rows }),
    json("a list", rows),
    json("a text for a number", { dataframe_split: { columns, data: [["x", 1, 1]] } }),
    json("too few columns", { dataframe_split: { columns: columns.slice(0, 1), data: [[1]] } }),
    { title: "no JSON", type: "application/json", body: "{" },
    csv("an unclosed quote", `${columns}\n"1,2,3\n`),
  ];
}

/** Bodies for a model with names that the service refuses, though MLflow makes something of them. */
export function stricterBodies(columns: readonly string[]): Omit<ScoringBody, "taken">[] {
  const more = [...columns, "more"];
  return [
    json("a column that the model doesn't know", { dataframe_split: { columns: more, data: [[1, 2, 2, 4]] } }),
    json("a number for an integer", { dataframe_split: { columns, data: [[1.5, 2, 2]] } }),
    json("a text that is a number", { dataframe_split: { columns, data: [["1", 2, 2]] } }),
    json("no rows", { dataframe_split: { columns, data: [] } }),
    csv("CSV with a line too long", `${columns}\n1,1,2,2\n`),
  ];
}

function json(title: string, body: unknown, taken: readonly Kind[] = []): ScoringBody {
  return { title, type: "application/json", body: JSON.stringify(body), taken };
}

function csv(title: string, body: string, taken: readonly Kind[] = []): ScoringBody {
  return { title, type: "text/csv", body, taken };
}
