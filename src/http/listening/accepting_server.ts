import { errorClass } from "../../errors/error_class.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { RepeatedLines } from "../../log/repeated_lines.ts";

/** Before listening again: long enough for a descriptor to be released, short enough for callers that retry. */
const PAUSE_MS = 500;
/**
 * Failed listeners whose connections are kept. With one more, the oldest is shut down: its requests are answered and
 * its idle connections closed, which might otherwise hold every descriptor for ever. That begins 10 s after the
 * descriptors ran out, unless some were released before.
 */
const KEPT_LISTENERS = 20;

/**
 * Keeps accepting connections. Where that fails, as it does when the process has no file descriptor left, `Deno.serve`
 * gives up its listener for good and only serves the connections that it has. This class then listens again.
 */
export class AcceptingServer {
  readonly #options: AcceptingServerOptions;
  readonly #repeated: RepeatedLines;
  readonly #stopping = new AbortController();
  readonly #listeners: Listener[] = [];
  /** The shutdowns in progress, each until its listener's last connection is closed. */
  readonly #closing = new Set<Promise<void>>();

  /** Takes over `first`, which listens already. */
  constructor(first: Listener, options: AcceptingServerOptions) {
    this.#options = options;
    this.#repeated = new RepeatedLines(options);
    this.#watch(first);
  }

  /** Stops accepting connections. Resolves when the last one is closed. */
  async shutdown(): Promise<void> {
    this.#stopping.abort(new Error("The server is stopping"));
    this.#repeated.flush();
    for (const listener of this.#listeners) this.#close(listener);
    await Promise.all(this.#closing);
  }

  /** Shuts `listener` down. That may fail where its accepting has failed. */
  #close(listener: Listener): void {
    const closing = listener.shutdown().catch(() => {}).finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  #watch(listener: Listener): void {
    this.#listeners.push(listener);
    listener.finished.catch((error: unknown) => this.#replace(error));
  }

  async #replace(error: unknown): Promise<void> {
    let why = error;
    while (!this.#stopping.signal.aborted) {
      this.#logFailure(why);
      this.#closeOldest();
      try {
        await this.#options.clock.sleep(PAUSE_MS, this.#stopping.signal);
        if (!this.#stopping.signal.aborted) this.#watch(this.#options.listenAgain());
        return;
      } catch (again) {
        why = again;
      }
    }
  }

  #logFailure(why: unknown): void {
    const event = "no connection can be accepted, trying again in a moment";
    const fields = { error: errorClass(why), os_error: osError(why) };
    this.#repeated.write(this.#options.log, { kind: event, level: "error", event, fields });
  }

  #closeOldest(): void {
    if (this.#listeners.length <= KEPT_LISTENERS) return;
    this.#options.log.warn("connections without a request in flight are closed to get descriptors back");
    const oldest = this.#listeners.shift();
    if (oldest !== undefined) this.#close(oldest);
  }
}

/** What {@linkcode AcceptingServer} needs. */
export interface AcceptingServerOptions {
  /** Listens at the address of the first listener again. May throw. */
  readonly listenAgain: () => Listener;
  /** Times the pauses. */
  readonly clock: Clock;
  /** Gets why no connection can be accepted. */
  readonly log: Log;
}

/** The part of `Deno.HttpServer` that {@linkcode AcceptingServer} uses. */
export type Listener = Pick<Deno.HttpServer, "finished" | "shutdown">;

/** The system's error number at the end of the message; 24 is "too many open files". The rest is not logged. */
function osError(error: unknown): number | undefined {
  const number = error instanceof Error ? /\(os error (\d{1,5})\)$/.exec(error.message)?.[1] : undefined;
  return number === undefined ? undefined : Number(number);
}
