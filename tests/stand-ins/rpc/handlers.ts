import empties from "google-protobuf/google/protobuf/empty_pb.js";
import type { CallLog } from "../calls.ts";
import { fromStruct, messages, toDiffResponse, toStruct } from "./messages.ts";
import type { Provider } from "./provider.ts";
import { containsUnknown, type Properties, plainProperties } from "./values.ts";

/** What the handlers of one gRPC server share. */
export interface Session {
  readonly provider: Provider;
  readonly calls: CallLog;
  /** Configuration of the provider resource at the other end of this connection. */
  readonly config: (peer: string) => Properties;
}

interface WithUrn {
  getUrn(): string;
}

/** Type and name of a resource, out of its URN: `urn:pulumi:stack::project::parent$type::name`. */
export function subjectOf(request: WithUrn, config: Properties) {
  const urn = request.getUrn();
  const [, , types, ...name] = urn.split("::");
  return { urn, type: types!.split("$").at(-1)!, name: name.join("::"), config };
}

/** Answers of the provider to the engine's requests about resources. A thrown error fails the request. */
export function handlers({ provider, calls, config }: Session) {
  const about = (request: WithUrn, peer: string) => subjectOf(request, config(peer));
  return {
    async check(request: messages.CheckRequest, peer: string) {
      const subject = about(request, peer);
      const news = fromStruct(request.getNews());
      calls.add({ ...subject, method: "check", preview: false, inputs: news });
      const { inputs, failures = [] } = await provider.check({ ...subject, olds: fromStruct(request.getOlds()), news });
      calls.register({ ...subject, wire: inputs });
      const response = new messages.CheckResponse();
      response.setInputs(toStruct(inputs));
      for (const { property, reason } of failures) {
        const failure = new messages.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        response.addFailures(failure);
      }
      return response;
    },
    async diff(request: messages.DiffRequest, peer: string) {
      const subject = about(request, peer);
      const news = fromStruct(request.getNews());
      calls.add({ ...subject, method: "diff", preview: false, inputs: news });
      const difference = await provider.diff({
        ...subject,
        id: request.getId(),
        oldInputs: fromStruct(request.getOldInputs()),
        olds: fromStruct(request.getOlds()),
        news,
        ignoreChanges: request.getIgnorechangesList(),
      });
      return toDiffResponse(difference);
    },
    async create(request: messages.CreateRequest, peer: string) {
      const subject = about(request, peer);
      const inputs = fromStruct(request.getProperties());
      const preview = request.getPreview();
      calls.add({ ...subject, method: "create", preview, inputs });
      const created = await provider.create({ ...subject, inputs, preview, timeout: request.getTimeout() });
      const response = new messages.CreateResponse();
      response.setId(created.id);
      response.setProperties(toStruct(created.outputs));
      return response;
    },
    async read(request: messages.ReadRequest, peer: string) {
      const subject = about(request, peer);
      const inputs = fromStruct(request.getInputs());
      calls.add({ ...subject, method: "read", preview: false, inputs });
      const outputs = fromStruct(request.getProperties());
      const live = await provider.read({ ...subject, id: request.getId(), inputs, outputs });
      const response = new messages.ReadResponse();
      if (live === undefined) return response;
      response.setId(request.getId());
      response.setInputs(toStruct(live.inputs));
      response.setProperties(toStruct(live.outputs));
      return response;
    },
    async update(request: messages.UpdateRequest, peer: string) {
      const subject = about(request, peer);
      const news = fromStruct(request.getNews());
      const preview = request.getPreview();
      calls.add({ ...subject, method: "update", preview, inputs: news });
      const outputs = await provider.update({
        ...subject,
        id: request.getId(),
        oldInputs: fromStruct(request.getOldInputs()),
        olds: fromStruct(request.getOlds()),
        news,
        preview,
        timeout: request.getTimeout(),
        ignoreChanges: request.getIgnorechangesList(),
      });
      const response = new messages.UpdateResponse();
      response.setProperties(toStruct(outputs));
      return response;
    },
    async delete(request: messages.DeleteRequest, peer: string) {
      const subject = about(request, peer);
      calls.add({ ...subject, method: "delete", preview: false, inputs: {} });
      const outputs = fromStruct(request.getProperties());
      await provider.delete({ ...subject, id: request.getId(), outputs, timeout: request.getTimeout() });
      return new empties.Empty();
    },
    async invoke(request: messages.InvokeRequest, peer: string) {
      const token = request.getTok();
      const args = plainProperties(fromStruct(request.getArgs()));
      calls.add({ method: "invoke", type: token, name: "", urn: "", preview: request.getPreview(), inputs: args });
      if (!provider.invoke)
        throw new Error(`the stand-in has no functions, ${token} was called: add it under tests/stand-ins`);
      // The engine doesn't call functions with unknown arguments.
      if (containsUnknown(args)) throw new Error(`${token} was called with an unknown argument`);
      const response = new messages.InvokeResponse();
      response.setReturn(toStruct(await provider.invoke(token, args, config(peer))));
      return response;
    },
    async construct(request: messages.ConstructRequest) {
      const [type, name, preview] = [request.getType(), request.getName(), request.getDryrun()];
      const inputs = fromStruct(request.getInputs());
      calls.add({ method: "construct", type, name, urn: "", preview, inputs });
      if (!provider.construct)
        throw new Error(`the stand-in has no components, ${type} was registered: add it under tests/stand-ins`);
      const constructed = await provider.construct({
        type,
        name,
        inputs,
        preview,
        protect: request.getProtect() ?? false,
        parent: request.getParent(),
        providers: Object.fromEntries(request.getProvidersMap().getEntryList()),
        monitor: request.getMonitorendpoint(),
      });
      calls.register({ urn: constructed.urn, type, name, wire: inputs });
      const response = new messages.ConstructResponse();
      response.setUrn(constructed.urn);
      response.setState(toStruct(constructed.outputs));
      return response;
    },
  };
}
