import { requestJson } from "../../inference/request-json.ts";
import { Instance } from "./instance.ts";
import type { PublicSocket } from "./public-socket.ts";
import type { ServeSpec, SupervisorStatus } from "./serve-spec.ts";

/** An instance that ran for so long before it ended is started again at once. */
const stableAfterMs = 60_000;
const longestDelayMs = 30_000;
/** Longer than an instance gives its open requests by default. */
const retireWithinMs = 40_000;

/** Options of {@link Fleet}. */
export interface FleetOptions {
  readonly publicSocket: PublicSocket;
  /** In the command line of each instance. */
  readonly id: string;
  /** Called with the pids of all instances whenever they change. */
  readonly onInstances: (pids: readonly number[]) => void;
  /** One line of log. */
  readonly log: (message: string) => void;
}

/** The instances behind a public socket: one that serves, those that drain, and the one that is to follow. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #instances = new Set<Instance>();
  #serving: Instance | undefined;
  /** What serves, or is to serve again. */
  #spec: ServeSpec | undefined;
  #started = 0;
  #restarts = 0;
  #failures = 0;
  #lastError: string | undefined;
  #stopping = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /**
   * Starts an instance, proves it at its own address, then gives it the public socket, and only then lets the old one
   * drain. Where the proof fails, or `signal` aborts before the switch, the old one just goes on.
   *
   * @throws Error with the reason and the end of the new instance's log.
   */
  roll(spec: ServeSpec, signal?: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      await this.#replace(spec, signal);
      this.#restarts = 0;
      this.#failures = 0;
    });
  }

  async status(): Promise<
    Pick<
      SupervisorStatus,
      "state" | "ready" | "instancePid" | "modelName" | "modelVersion" | "sha256" | "restarts" | "lastError"
    >
  > {
    const serving = this.#serving;
    const { modelName, modelVersion, sha256 } = this.#spec?.expectation ?? {};
    return {
      state: this.#stopping ? "stopping" : serving ? "serving" : this.#spec ? "restarting" : "starting",
      ready: serving?.endpoint !== undefined && (await isHealthy(serving.endpoint)),
      restarts: this.#restarts,
      ...(serving?.pid !== undefined && { instancePid: serving.pid }),
      ...(modelName !== undefined && { modelName }),
      ...(modelVersion !== undefined && { modelVersion }),
      ...(sha256 !== undefined && { sha256 }),
      ...(this.#lastError !== undefined && { lastError: this.#lastError }),
    };
  }

  /** Lets all instances drain and end; what hasn't in time is killed. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#options.publicSocket.close();
    for (const instance of this.#instances) retire(instance);
    await Promise.all([...this.#instances].map(({ ended }) => ended));
  }

  async #replace(spec: ServeSpec, signal?: AbortSignal): Promise<void> {
    this.#requireRunning();
    signal?.throwIfAborted();
    const instance = this.#start(spec);
    try {
      await instance.prove(signal);
      signal?.throwIfAborted();
      this.#requireRunning();
    } catch (error) {
      instance.kill();
      await instance.ended;
      throw error;
    }
    const old = this.#serving;
    this.#serving = instance;
    this.#spec = spec;
    this.#lastError = undefined;
    this.#options.publicSocket.passTo(instance);
    this.#options.log(`version ${spec.expectation.modelVersion} serves (pid ${instance.pid})`);
    if (old) retire(old);
    instance.ended.then((how) => this.#onEnd(instance, how));
  }

  #start(spec: ServeSpec): Instance {
    const instance = new Instance(spec, this.#options.id, ++this.#started);
    this.#instances.add(instance);
    this.#tellInstances();
    instance.ended.then(() => {
      this.#instances.delete(instance);
      this.#tellInstances();
    });
    return instance;
  }

  #onEnd(instance: Instance, how: string): void {
    if (this.#serving !== instance || this.#stopping) return;
    this.#serving = undefined;
    this.#options.publicSocket.passTo(undefined);
    this.#restarts++;
    if (performance.now() - instance.startedAt > stableAfterMs) this.#failures = 0;
    this.#lastError = `the instance ended by itself: ${how}${instance.logTail()}`;
    this.#restartLater();
  }

  #restartLater(): void {
    const delay = this.#failures === 0 ? 0 : Math.min(longestDelayMs, 250 * 2 ** this.#failures);
    this.#failures++;
    this.#options.log(`${this.#lastError}\nstarting it again in ${delay} ms`);
    setTimeout(() => this.#inTurn(() => this.#restart()), delay);
  }

  async #restart(): Promise<void> {
    // A roll may have come first.
    if (this.#serving || this.#stopping || !this.#spec) return;
    try {
      await this.#replace(this.#spec);
    } catch (error) {
      if (this.#stopping) return;
      this.#lastError = (error as Error).message;
      this.#restartLater();
    }
  }

  #requireRunning(): void {
    if (this.#stopping) throw new Error("the supervisor is being stopped");
  }

  /** One change at a time. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(change);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  #tellInstances(): void {
    this.#options.onInstances([...this.#instances].flatMap(({ pid }) => pid ?? []));
  }
}

function retire(instance: Instance): void {
  instance.drain();
  const kill = setTimeout(() => instance.kill(), retireWithinMs);
  instance.ended.then(() => clearTimeout(kill));
}

async function isHealthy(endpoint: string): Promise<boolean> {
  return requestJson(new URL("/health", endpoint), { timeoutMs: 2000 }).then(
    ({ status }) => status === 200,
    () => false,
  );
}
