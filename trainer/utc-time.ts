const format = /^(\d{4}-\d{2}-\d{2})([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * Reads a day (`1998-03-15`, its midnight) or a time (`1998-03-15T12:00`); without a zone it is UTC, as in Feast.
 *
 * @returns ms since the epoch, or undefined where the text is neither.
 */
export function parseUtcTime(text: string): number | undefined {
  const match = format.exec(text);
  if (match === null) return undefined;
  const [, date, time = "", , , zone] = match;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  // JavaScript reads the 31st of February as the 3rd of March
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date) return undefined;
  if (time === "") return midnight;
  const parsed = Date.parse(`${date}T${time.slice(1)}${zone === undefined ? "Z" : ""}`);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** The shortest text that {@link parseUtcTime} reads: a day where the time is midnight UTC. */
export function formatUtcTime(time: number): string {
  const text = new Date(time).toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text;
}
