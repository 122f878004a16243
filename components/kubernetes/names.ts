/** Label `app` of the serving pods, and the name of most objects about them. */
export const app = "ml-inference";

/** Label `app` of the verification's pods: another, so that neither the Services nor `logs -l app=ml-inference` catch them. */
export const verificationApp = "ml-inference-verify";

/** The serving container. */
export const container = "inference";

/** The Service for users, port 80. */
export const service = "ml-inference-service";

/** The headless Service that names every ready pod. */
export const podsService = "ml-inference-pods";

/** Ingress or HTTPRoute. */
export const route = "ml-inference-ingress";

/** Secret with AWS credentials, where identity is `secret`. */
export const awsSecret = "aws-credentials";

/** Secret with what pods sign in to MLflow with, where its server asks for that. */
export const mlflowSecret = "mlflow-credentials";

/** TLS Secret that cert-manager fills where none is named. */
export const tlsSecret = "ml-inference-tls";
