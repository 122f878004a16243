import { catchEndSignals } from "./signals.ts";

catchEndSignals();
const { main } = await import("./service.ts");
await main();
