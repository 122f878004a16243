import { type ComponentResource, getStack, type Input, type Output } from "@pulumi/pulumi";
import type { Expectation } from "../../mlflow/expectation.ts";
import type { LocalServing } from "../config.ts";
import { serviceVariables } from "../service-settings.ts";
import { Verification } from "../verification/verification.ts";
import { codeDigest } from "./code-digest.ts";
import { LocalServer, localRunFolder } from "./local-server.ts";

/** What {@link serveLocally} is told. */
export interface LocalServiceArgs {
  readonly expectation: Input<Expectation>;
  /** MLflow server, or file store folder relative to the project. */
  readonly mlflowTrackingUri: Input<string>;
  readonly serving: Omit<LocalServing, "target">;
}

/**
 * Serves a model version by a supervised server on this machine, and proves it there.
 *
 * @returns Base address of the service.
 */
export function serveLocally(name: string, args: LocalServiceArgs, parent: ComponentResource): Output<string> {
  const { expectation, mlflowTrackingUri, serving } = args;
  const { host, port, service, authTokensFile } = serving;
  const server = new LocalServer(
    `${name}-server`,
    {
      model: expectation,
      mlflowTrackingUri,
      host,
      port,
      variables: serviceVariables(service),
      authTokensFile,
      runFolder: localRunFolder(getStack()),
      project: process.cwd(),
      code: codeDigest(process.cwd()),
    },
    { parent },
  );
  const { endpoint, deployedAt } = server;
  new Verification(`${name}-verification`, { endpoint, expectation, authTokensFile, deployedAt }, { parent });
  return endpoint;
}
