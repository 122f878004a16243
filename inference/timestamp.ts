let lastSecond = Number.NaN;
let lastText = "";

/** A time as the endpoints write it: UTC, to the second, without a zone: `2025-11-06T10:00:00`. */
export function timestamp(time: Date | number = Date.now()): string {
  const second = Math.floor(Number(time) / 1000);
  // Answers of one second share its text.
  if (second !== lastSecond) {
    lastText = new Date(second * 1000).toISOString().slice(0, 19);
    lastSecond = second;
  }
  return lastText;
}
