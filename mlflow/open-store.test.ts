import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { credentialsFrom, openStore } from "./open-store.ts";

for (const [uri, path] of Object.entries({
  mlruns: "mlruns",
  "./a b": "a b",
  "file:mlruns": "mlruns",
  "file:///data/a%20b": "/data/a b",
}))
  test(`${uri} is the file store at ${path}`, (t) => {
    t.is(openStore(uri).uri, pathToFileURL(resolve(path)).href);
  });

test("an address is a server's, and its credentials don't show", (t) => {
  t.is(openStore("http://mlflow-service:5000/").uri, "http://mlflow-service:5000");
  t.is(openStore("https://me:secret@host/base/").uri, "https://host/base");
});

for (const uri of ["sqlite:///mlflow.db", "databricks://profile", "postgresql://user:secret@host/db", ""])
  test(`"${uri}" is refused without being quoted`, (t) => {
    const error = t.throws(() => openStore(uri), { message: /expected "http:\/\/…", .* as MLflow tracking URI/ });
    t.false(error?.message.includes("secret"));
  });

test("credentials are those that MLflow's clients take; empty ones count as absent", (t) => {
  t.deepEqual(credentialsFrom({ MLFLOW_TRACKING_TOKEN: "a", MLFLOW_TRACKING_USERNAME: "", PATH: "/bin" }), {
    token: "a",
  });
  const both = { MLFLOW_TRACKING_USERNAME: "u", MLFLOW_TRACKING_PASSWORD: "p" };
  t.deepEqual(credentialsFrom(both), { username: "u", password: "p" });
});
