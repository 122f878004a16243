import test from "ava";
import { formatUtcTime, parseUtcTime } from "./utc-time.ts";

const reads = test.macro({
  exec(t, text: string, expected: string | undefined) {
    t.is(parseUtcTime(text), expected === undefined ? undefined : Date.parse(expected));
  },
  title: (_, text) => `reads ${text}`,
});
test(reads, "1998-03-15", "1998-03-15T00:00:00Z");
test(reads, "1998-03-15T12:30", "1998-03-15T12:30:00Z");
test(reads, "1998-03-15 12:30:05.25", "1998-03-15T12:30:05.250Z");
test(reads, "1998-03-15T12:30:00+02:00", "1998-03-15T10:30:00Z");
test(reads, "1998-02-31", undefined);
test(reads, "1998-02-31T12:00", undefined);
test(reads, "1998-03-15T25:00", undefined);
test(reads, "15.3.1998", undefined);
test(reads, "", undefined);

test("writes a day, or a time where there is one", (t) => {
  t.is(formatUtcTime(Date.parse("1998-03-15")), "1998-03-15");
  t.is(formatUtcTime(Date.parse("1998-03-15T01:00:00Z")), "1998-03-15T01:00:00.000Z");
});
