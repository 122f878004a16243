import type { ServerResponse } from "node:http";
import type { ExecutionContext } from "ava";
import { registrationFixture } from "../fixture.ts";
import { RestStore } from "./rest-store.ts";
import { type ReceivedRequest, type ScriptedServer, scriptedServer, sendJson } from "./scripted-server.ts";

const model = registrationFixture().model;

/** A version as the server tells it. */
export const made = { name: model, version: "3", source: "models:/m-1", run_id: "r1", status: "READY" };

/** What a server that has nothing yet answers, by the end of the path. */
export const answers: Record<string, unknown> = {
  "experiments/get-by-name": { experiment: { experiment_id: "1", lifecycle_stage: "active" } },
  "runs/create": { run: { info: { run_id: "r1", experiment_id: "1", status: "RUNNING" } } },
  "logged-models": { model: { info: { model_id: "m-1", artifact_uri: "mlflow-artifacts:/1/models/m-1/artifacts" } } },
  "model-versions/create": { model_version: made },
  "model-versions/search": { model_versions: [{ ...made, aliases: undefined }] },
  "registered-models/get": { registered_model: { aliases: [{ alias: "champion", version: "3" }] } },
  "model-versions/get-download-uri": { artifact_uri: "mlflow-artifacts:/1/models/m-1/artifacts" },
};

/** Answers one path in another way. */
export type Override = (request: ReceivedRequest, response: ServerResponse) => void;

/** An MLflow server for one test that answers as one which has a version 3, but for the overrides, by path. */
export async function serve(t: ExecutionContext, overrides: Record<string, Override> = {}): Promise<ScriptedServer> {
  const server = await scriptedServer((request, response) => {
    const path = request.url.replace(/^\/api\/2\.0\/(mlflow\/)?/, "").replace(/\?.*/, "");
    const override = overrides[path];
    if (override !== undefined) override(request, response);
    else sendJson(response, answers[path] ?? {});
  });
  t.teardown(() => server.close());
  return server;
}

export function open({ uri }: ScriptedServer): RestStore {
  return new RestStore(uri, { backoffMs: 1, retries: 1 });
}

/** Statuses that a server was told to give a run and a logged model. */
export function endings({ requests }: ScriptedServer): string[] {
  const bodies = requests
    .filter(({ url }) => /runs\/update|logged-models\/m-1/.test(url))
    .map(({ body }) => JSON.parse(body));
  return bodies.map(({ status }) => status);
}
