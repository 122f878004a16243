import test from "ava";
import { rarely } from "./rarely.ts";

test("what comes more often than once a minute is passed over", (t) => {
  const told: string[] = [];
  let time = 0;
  const tell = rarely(
    (text: string) => void told.push(text),
    () => time,
  );
  for (const [at, text] of [
    [0, "a"],
    [59_999, "b"],
    [60_000, "c"],
    [60_001, "d"],
  ] as const) {
    time = at;
    tell(text);
  }
  t.deepEqual(told, ["a", "c"]);
});
