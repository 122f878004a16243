import type { Socket } from "node:net";

/** What a supervisor sends to an instance it started. A connection comes with its socket. */
export type SupervisorMessage = { readonly kind: "connection" } | { readonly kind: "drain" };

/**
 * What an instance tells its supervisor: its own address on 127.0.0.1 once it is ready, or why it never will be; then, in
 * their order, each connection that it took.
 */
export type InstanceMessage =
  | { readonly kind: "ready"; readonly port: number }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "taken" };

/** What an instance does for its supervisor. */
export interface SupervisedInstance {
  /** A client's connection, accepted by the supervisor. */
  adopt(socket: Socket): void;
  /** The supervisor wants it gone, or is gone itself. */
  drain(): void;
}

/**
 * Serves under a supervisor: connections come from the process that keeps the public socket, over IPC and in order, so
 * that none is lost when another instance takes over. An instance never outlives its supervisor.
 */
export function followSupervisor(instance: SupervisedInstance): void {
  process.on("message", (message: SupervisorMessage, socket?: Socket) => {
    if (message.kind === "drain") return instance.drain();
    tellSupervisor({ kind: "taken" });
    // A client that has gone meanwhile leaves a message without a socket.
    if (socket) instance.adopt(socket);
  });
  process.once("disconnect", () => instance.drain());
}

/** Tells the supervisor, where there is one; resolves when the message is out. */
export async function tellSupervisor(message: InstanceMessage): Promise<void> {
  if (!process.connected) return;
  await new Promise<void>((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
}
