/**
 * Seconds that an idle keep-alive connection stays open: longer than the proxies in front keep theirs (ALB 60, nginx 60,
 * Traefik 90), so that it is never the server that closes one which is about to carry a request.
 */
export const keepAliveSeconds = 95;

/** Seconds that a pod goes on serving as before once it is told to stop, until every proxy has taken it off its list. */
export const preStopSeconds = 10;

/** Seconds that open requests then get to finish. */
export const drainSeconds = 30;

/** Seconds from the order to stop until the pod is killed. */
export const terminationGraceSeconds = preStopSeconds + drainSeconds + 5;

/** Seconds without progress after which a rollout has failed: room for a new node, the pull of the image and the load of the model. */
export const progressDeadlineSeconds = 300;

/** Seconds that the verification goes on asking: until DNS no longer names pods that are going. */
export const verifySeconds = 120;
