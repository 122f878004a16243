/** User and group `node` of the base image. */
const uid = 1000;

/** What pod security `restricted` asks of a pod, and a user by number, whom no image can make root. */
export const restrictedPod = {
  runAsNonRoot: true,
  runAsUser: uid,
  runAsGroup: uid,
  seccompProfile: { type: "RuntimeDefault" },
};

/** What it asks of a container, and a root file system that can't be written to. */
export const restrictedContainer = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
};
