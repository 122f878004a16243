/** The service's own, as package.json has it. */
export const serviceVersion = "0.1.0";
