export { verifyEndpoint } from "../../inference/verify.ts";
