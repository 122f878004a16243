import { readFileSync } from "node:fs";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import type { CallLog } from "../calls.ts";
import { handlers } from "./handlers.ts";
import { fromStruct, messages, toDiffResponse, toServiceError } from "./messages.ts";
import type { ChangeKind, Provider } from "./provider.ts";
import { type Properties, plainProperties } from "./values.ts";

/** A stand-in that listens. */
export interface Served {
  readonly port: number;
  stop(): void;
}

const modules = join(import.meta.dirname, "..", "..", "..", "node_modules", "@pulumi");
/** Requests and answers may hold large state. */
const limits = { "grpc.max_receive_message_length": 400 << 20, "grpc.max_send_message_length": 400 << 20 };

/**
 * Serves a provider to engines that attach by PULUMI_DEBUG_PROVIDERS. It says that it is of the version of the installed SDK
 * `@pulumi/<name>`. Each provider resource has a connection, and so a configuration, of its own.
 */
export async function serve(name: string, provider: Provider, calls: CallLog): Promise<Served> {
  const { version } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")) as { version: string };
  const configs = new Map<string, Properties>();
  const config = (peer: string) => configs.get(peer) ?? {};
  const resources = handlers({ provider, calls, config });
  const server = new grpc.Server(limits);
  server.addService(services.ResourceProviderService, {
    getPluginInfo: answer(async () => {
      const info = new plugins.PluginInfo();
      info.setVersion(version);
      return info;
    }),
    attach: answer(async () => new empties.Empty()),
    cancel: answer(async () => new empties.Empty()),
    getSchema: answer(async () => {
      const response = new messages.GetSchemaResponse();
      response.setSchema("{}");
      return response;
    }),
    checkConfig: answer(async (request: messages.CheckRequest) => {
      const response = new messages.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: answer(async (request: messages.DiffRequest) => diffConfig(provider, request)),
    configure: answer(async (request: messages.ConfigureRequest, peer) => {
      const args = plainProperties(fromStruct(request.getArgs()));
      provider.configure?.(args);
      configs.set(peer, args);
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      response.setAcceptresources(false);
      response.setAcceptoutputs(false);
      return response;
    }),
    ...Object.fromEntries(Object.entries(resources).map(([method, handle]) => [method, answer(handle as Handle)])),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, stop: () => server.forceShutdown() };
}

// biome-ignore lint/suspicious/noExplicitAny: the message classes of a service's methods have no common type
type Handle = (request: any, peer: string) => Promise<unknown>;

function answer(handle: Handle): grpc.handleUnaryCall<unknown, unknown> {
  return (call, callback) => {
    handle(call.request, call.getPeer()).then(
      (response) => callback(null, response),
      (error) => callback(toServiceError(error)),
    );
  };
}

function diffConfig(provider: Provider, request: messages.DiffRequest) {
  const olds = plainProperties(fromStruct(request.getOldInputs() ?? request.getOlds()));
  const news = plainProperties(fromStruct(request.getNews()));
  const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
  );
  const replaces = provider.configReplaces?.(olds, news) ?? [];
  const kind = (key: string): ChangeKind => (replaces.includes(key) ? "update-replace" : "update");
  return toDiffResponse({ changes: new Map(changed.map((key) => [key, kind(key)])) });
}
