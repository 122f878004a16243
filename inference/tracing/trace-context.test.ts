import test from "ava";
import fc from "fast-check";
import { readTraceContext, traceparent } from "./trace-context.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";

for (const [title, header, flags] of [
  ["recorded", `00-${traceId}-${spanId}-01`, 1],
  ["not recorded", `00-${traceId}-${spanId}-00`, 0],
  ["with flags that nobody knows yet", `00-${traceId}-${spanId}-ff`, 255],
  ["of a later version", `cc-${traceId}-${spanId}-01`, 1],
  ["of a later version, with parts that nobody knows yet", `cc-${traceId}-${spanId}-01-what-the-future-brings`, 1],
] as const)
  test(`a client's span is read: ${title}`, (t) => {
    t.deepEqual(readTraceContext({ traceparent: header }), { traceId, spanId, flags, state: undefined });
  });

for (const [title, header] of [
  ["nothing", ""],
  ["a version that is never given", `ff-${traceId}-${spanId}-01`],
  ["a trace of zeros", `00-${"0".repeat(32)}-${spanId}-01`],
  ["a span of zeros", `00-${traceId}-${"0".repeat(16)}-01`],
  ["capital letters", `00-${traceId.toUpperCase()}-${spanId}-01`],
  ["a letter that is no hex digit", `00-${traceId.replace("4", "g")}-${spanId}-01`],
  ["a trace that is too short", `00-${traceId.slice(1)}-${spanId}-01`],
  ["a span that is too long", `00-${traceId}-${spanId}0-01`],
  ["no flags", `00-${traceId}-${spanId}`],
  ["more parts than version 00 has", `00-${traceId}-${spanId}-01-more`],
  ["a dash at the end of version 00", `00-${traceId}-${spanId}-01-`],
  ["no dash before what a later version adds", `cc-${traceId}-${spanId}-01.more`],
  ["two at once", `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`],
  ["a version of one digit", `0-${traceId}-${spanId}-01`],
  ["space around it", ` 00-${traceId}-${spanId}-01`],
])
  test(`a traceparent that isn't as specified counts as none: ${title}`, (t) => {
    t.is(readTraceContext({ traceparent: header, tracestate: "a=1" }), undefined);
  });

test("a tracestate is kept as it came, where it isn't longer than one has to keep", (t) => {
  const header = `00-${traceId}-${spanId}-01`;
  t.is(readTraceContext({ traceparent: header, tracestate: "b=2,a=1" })?.state, "b=2,a=1");
  t.is(readTraceContext({ traceparent: header, tracestate: `a=${"1".repeat(511)}` })?.state, undefined);
  t.is(readTraceContext({ tracestate: "a=1" }), undefined);
});

test("what is read is written again; of any other text nothing is read", (t) => {
  const hex = (length: number) =>
    fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });
  const parts = fc.tuple(fc.constantFrom("00", "01", "ff", "0"), hex(32), hex(16), hex(2));
  const header = fc.oneof(
    parts.map((each) => each.join("-")),
    fc.string(),
  );
  fc.assert(
    fc.property(header, (given) => {
      const read = readTraceContext({ traceparent: given });
      if (!read) return t.notRegex(given, /^0[01]-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/);
      t.is(traceparent(read).slice(2, 53), given.slice(2, 53));
      t.deepEqual(readTraceContext({ traceparent: traceparent(read) }), { ...read, flags: read.flags & 1 });
    }),
  );
});
