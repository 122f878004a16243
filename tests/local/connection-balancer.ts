import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What stands in front of several instances and sends each connection to one of them, as a Kubernetes Service does. */
export interface ConnectionBalancer {
  readonly port: number;
  /** Ports that new connections go to, in turns; may be changed. Those that are there stay where they are. */
  targets: readonly number[];
  close(): Promise<void>;
}

/** Balances connections to ports of 127.0.0.1, without a look at what they carry. */
export async function balanceConnections(targets: readonly number[]): Promise<ConnectionBalancer> {
  const state = { targets };
  const open = new Set<Socket>();
  let turn = 0;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const port = state.targets[turn++ % state.targets.length]!;
    const upstream = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.once("error", () => to.destroy());
      from.once("close", () => open.delete(from));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    port,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  });
}
