import grpc from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import anys from "google-protobuf/google/protobuf/any_pb.js";
import structs, { type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { type ChangeKind, type Difference, InitFailed } from "./provider.ts";
import type { Properties } from "./values.ts";

export function toStruct(properties: Properties): structs.Struct {
  // JSON drops what a Struct can't hold, as undefined.
  return structs.Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, JavaScriptValue>);
}

export function fromStruct(struct: structs.Struct | undefined): Properties {
  return struct === undefined ? {} : (struct.toJavaScript() as Properties);
}

const { Kind } = messages.PropertyDiff;
const kinds: Record<ChangeKind, messages.PropertyDiff.Kind> = {
  add: Kind.ADD,
  "add-replace": Kind.ADD_REPLACE,
  delete: Kind.DELETE,
  "delete-replace": Kind.DELETE_REPLACE,
  update: Kind.UPDATE,
  "update-replace": Kind.UPDATE_REPLACE,
};

export function toDiffResponse(difference: Difference): messages.DiffResponse {
  const { changes, replaces = [], deleteBeforeReplace = false } = difference;
  const response = new messages.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const forcing = [...changes].filter(([, kind]) => kind.endsWith("-replace")).map(([path]) => path);
  response.setChanges(changes.size + replaces.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setReplacesList([...forcing, ...replaces]);
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  response.setDiffsList([...new Set([...changes.keys()].map((path) => path.split(/[.[]/)[0]!))]);
  for (const [path, kind] of changes) {
    const diff = new messages.PropertyDiff();
    diff.setKind(kinds[kind]);
    response.getDetaileddiffMap().set(path, diff);
  }
  return response;
}

/** The answer of gRPC for an error: an {@link InitFailed} carries what exists of the resource. */
export function toServiceError(error: unknown): grpc.ServiceError {
  const { message } = error as Error;
  const metadata = new grpc.Metadata();
  if (error instanceof InitFailed) {
    const failed = new messages.ErrorResourceInitFailed();
    failed.setId(error.id);
    failed.setProperties(toStruct(error.outputs));
    if (error.inputs) failed.setInputs(toStruct(error.inputs));
    failed.setReasonsList([...error.reasons]);
    metadata.add("grpc-status-details-bin", details(message, "pulumirpc.ErrorResourceInitFailed", failed));
  }
  return Object.assign(new Error(message), { code: grpc.status.UNKNOWN, details: message, metadata });
}

function details(message: string, type: string, detail: { serializeBinary(): Uint8Array }): Buffer {
  const any = new anys.Any();
  any.pack(detail.serializeBinary(), type);
  const status = new statuses.Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(any);
  return Buffer.from(status.serializeBinary());
}

export { messages };
