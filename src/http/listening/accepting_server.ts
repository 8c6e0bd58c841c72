import { errorClass } from "../../errors/error_class.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { RepeatedLines } from "../../log/repeated_lines.ts";

/** Long enough for a descriptor to be released, short enough for callers that retry. */
const PAUSE_MS = 500;
/**
 * Listeners that failed and whose connections live on. With one more the oldest is shut down: its requests are answered,
 * and connections on which nobody asks anything are closed, which otherwise might hold every descriptor for ever. It is
 * 10 s after the descriptors ran out, if they have not come back.
 */
const KEPT_LISTENERS = 20;

/**
 * Goes on accepting connections. When accepting one fails, which it does as soon as the process has no file descriptor
 * left, `Deno.serve` gives up its listener for good; what it has accepted is served on.
 */
export class AcceptingServer {
  readonly #options: AcceptingServerOptions;
  readonly #repeated: RepeatedLines;
  readonly #stopping = new AbortController();
  readonly #listeners: Listener[] = [];
  /** Of listeners that accept nothing more, until their last connection is gone. */
  readonly #closing = new Set<Promise<void>>();

  /** Watches over `first`, which listens already. */
  constructor(first: Listener, options: AcceptingServerOptions) {
    this.#options = options;
    this.#repeated = new RepeatedLines(options);
    this.#watch(first);
  }

  /** Accepts nothing more. Resolves when the last connection is gone. */
  async shutdown(): Promise<void> {
    this.#stopping.abort(new Error("The server is stopping"));
    this.#repeated.flush();
    for (const listener of this.#listeners) this.#close(listener);
    await Promise.all(this.#closing);
  }

  /** Shuts `listener` down. One whose accepting failed may well fail to. */
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
      this.#tell(why);
      this.#retire();
      try {
        await this.#options.clock.sleep(PAUSE_MS, this.#stopping.signal);
        if (!this.#stopping.signal.aborted) this.#watch(this.#options.listenAgain());
        return;
      } catch (again) {
        why = again;
      }
    }
  }

  #tell(why: unknown): void {
    const event = "no connection can be accepted, trying again in a moment";
    const fields = { error: errorClass(why), os_error: osError(why) };
    this.#repeated.write(this.#options.log, { kind: event, level: "error", event, fields });
  }

  #retire(): void {
    if (this.#listeners.length <= KEPT_LISTENERS) return;
    this.#options.log.warn("connections without a request in flight are closed to get descriptors back");
    const oldest = this.#listeners.shift();
    if (oldest !== undefined) this.#close(oldest);
  }
}

/** What {@linkcode AcceptingServer} needs. */
export interface AcceptingServerOptions {
  /** Listens at the same address as `first` once more; throws where that cannot be. */
  readonly listenAgain: () => Listener;
  /** Times the pauses. */
  readonly clock: Clock;
  /** Is told why nothing is accepted, and when something is again. */
  readonly log: Log;
}

/** What is needed of `Deno.HttpServer`. */
export type Listener = Pick<Deno.HttpServer, "finished" | "shutdown">;

/** The system's number, which the message ends in; 24 is "too many open files". The rest of it may be anything. */
function osError(error: unknown): number | undefined {
  const number = error instanceof Error ? /\(os error (\d{1,5})\)$/.exec(error.message)?.[1] : undefined;
  return number === undefined ? undefined : Number(number);
}
