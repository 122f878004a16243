import { ownedMetadata } from "../metadata.ts";
import { route as name, service } from "../names.ts";
import type { WorkloadSettings } from "../workload-settings.ts";

/**
 * What Pulumi waits for, which by itself takes a route for ready once it exists: that the Gateway is there and lets it join.
 * Source of the annotation's syntax: pulumi-kubernetes, provider/pkg/metadata/overrides.go, ReadyCondition.
 */
const accepted = `jsonpath={.status.parents[0].conditions[?(@.type=="Accepted")].status}=True`;

/**
 * The way in through a Gateway, whose listener ends TLS.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httproute
 */
export function httpRoute({ namespace, route }: Pick<WorkloadSettings, "namespace" | "route">) {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: ownedMetadata(name, namespace, { annotations: { "pulumi.com/waitFor": accepted, ...route.annotations } }),
    spec: {
      parentRefs: [gatewayReference(route.gateway)],
      hostnames: [route.host],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
          backendRefs: [{ group: "", kind: "Service", name: service, port: 80, weight: 1 }],
        },
      ],
    },
  };
}

function gatewayReference(gateway: string) {
  const [namespace = "", name = "", sectionName] = gateway.split("/");
  return { group: "gateway.networking.k8s.io", kind: "Gateway", namespace, name, ...(sectionName && { sectionName }) };
}
