import test from "ava";
import { tinyService } from "../fixtures/tiny-service.ts";
import { requestJson } from "../request-json.ts";
import { InFlight } from "./in-flight.ts";

test("there is none at first, and none again after the last has ended", async (t) => {
  const inFlight = new InFlight();
  await inFlight.none();
  inFlight.begin();
  inFlight.begin();
  let none = false;
  const last = inFlight.none().then(() => {
    none = true;
  });
  inFlight.end();
  await Promise.resolve();
  t.false(none);
  inFlight.end();
  await last;
  t.is(inFlight.count, 0);
});

test("a prediction is in flight until it is answered, refused or has failed", async (t) => {
  const { serving, endpoint, close } = await tinyService();
  t.teardown(close);
  const model = serving.model!;
  t.teardown(model.release);
  const seen: number[] = [];
  serving.serve({
    ...model,
    predict(rows) {
      seen.push(model.inFlight.count);
      return rows.count > 1 ? Promise.reject(new Error("boom")) : model.predict(rows);
    },
  });
  const statuses: number[] = [];
  for (const age of [[1], [1, 2], [1.5]]) {
    const inputs = { age, income: age };
    statuses.push((await requestJson(`${endpoint}/predict`, { body: { inputs } })).status);
    t.is(model.inFlight.count, 0);
  }
  t.deepEqual(statuses, [200, 500, 422]);
  t.deepEqual(seen, [1, 1]);
});
