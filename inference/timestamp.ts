/** A time as the endpoints write it: UTC, to the second, without a zone: `2025-11-06T10:00:00`. */
export function timestamp(time: Date = new Date()): string {
  return time.toISOString().slice(0, 19);
}
