import { CsvError, parse } from "csv-parse/sync";
import type { ColumnSpec } from "../../../mlflow/model-folder.ts";
import { TooManyRows } from "../../features/feature-problem.ts";
import type { FeatureRows } from "../../features/feature-rows.ts";
import { HttpProblem } from "../../http/http-problem.ts";
import { csvCosts, requireRoom } from "../../http/room-to-parse.ts";
import { csvValue } from "./csv-value.ts";
import { type FrameContext, ownNames, readFrame } from "./data-frame.ts";

/** Characters of a line, and of a record, at most: the fields of longer ones would take more memory than a body should. */
const longest = 2 ** 20;
/** Names at most, for the same reason: each record may have as many fields. */
const mostNames = 10_000;

/**
 * Reads CSV with a line of names, its fields of the types that their columns have, as pandas reads and writes it: what
 * stands for a missing value is null, empty lines are passed over, and so is a first column without a name, which is a
 * data frame's index.
 *
 * @param specs - of the context's columns.
 * @throws HttpProblem 400 where quotes don't fit, or lines differ in their number of fields, 413 where it takes too much
 *   memory.
 * @throws InvalidFeatures naming each missing, unknown or ill-typed feature, and where.
 * @throws TooManyRows
 */
export function readCsv(text: string, specs: readonly ColumnSpec[], context: FrameContext): FeatureRows {
  requireRoom(text, csvCosts);
  requireShortLines(text);
  const [header = [], ...lines] = parseRecords(text, context.rowLimit);
  if (lines.length > context.rowLimit) throw new TooManyRows(context.rowLimit, "more");
  const from = header.length > 1 && header[0] === "" ? 1 : 0;
  const names = header.slice(from);
  const own = ownNames(names, context) ?? specs.map(({ name }) => name);
  const types = names.map((_, at) => specs.find(({ name }) => name === own[at])?.type);
  const rows = lines.map((fields) => types.map((type, at) => csvValue(fields[at + from]!, type)));
  return readFrame({ names, rows, paths: { names: "csv.columns", rows: "csv.rows" } }, context);
}

function parseRecords(text: string, rowLimit: number): string[][] {
  try {
    return parse(text, {
      record_delimiter: ["\r\n", "\n"],
      skip_empty_lines: true,
      max_record_size: longest,
      // The names, the rows, and one more, so that it is noticed.
      to: rowLimit + 2,
      on_record: (fields: string[], { records }) => {
        if (records > 1 || fields.length <= mostNames) return fields;
        throw new HttpProblem(400, `at most ${mostNames} columns of CSV, got ${fields.length}`);
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new HttpProblem(400, `the body isn't CSV: ${error.message.slice(0, 200)}`, { cause: error });
  }
}

function requireShortLines(text: string): void {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf("\n", from);
    const length = (end < 0 ? text.length : end) - from;
    if (length > longest) throw new HttpProblem(400, `at most ${longest} characters a line of CSV, got ${length}`);
    from += length + 1;
  }
}
