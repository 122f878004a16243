#!/usr/bin/env bash
# Runs the cluster tests on the cluster of KUBECONFIG and REGISTRY, or else on the test cluster of ML_CLUSTER: started for the
# time of the tests, unless it is up already.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [[ -z ${KUBECONFIG:-} || -z ${REGISTRY:-} ]]; then
  cluster=${ML_CLUSTER:-../shared/cluster/cluster}
  [[ -x $cluster ]] || { echo "no test cluster at $cluster: set ML_CLUSTER, or KUBECONFIG and REGISTRY" >&2 && exit 1; }
  "$cluster" build all
  "$cluster" status >/dev/null 2>&1 || trap '"$cluster" down' EXIT
  exports=$("$cluster" up --ingress --nodes 2)
  eval "$exports"
  exports=$("$cluster" mlflow up)
  eval "$exports"
  # Its containers have no route to where packages come from.
  export DOCKER_BUILD_NETWORK=${DOCKER_BUILD_NETWORK:-host}
fi
ava --config tests/cluster/ava.config.js "$@"
