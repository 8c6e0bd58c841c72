/**
 * Work that goes on beside the calls of a server: started once, ended together. Each piece of work gets one signal, and ends
 * soon after it is aborted.
 */
export class BackgroundWork {
  readonly #ending = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #onFailure: (name: string, error: unknown) => void;

  /**
   * For one server.
   *
   * @param onFailure told of work that ended with an error; the rest goes on.
   */
  constructor(onFailure: (name: string, error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  /** Starts `work` under a name for the log. After {@linkcode BackgroundWork.end} nothing is started any more. */
  start(name: string, work: (signal: AbortSignal) => Promise<void>): void {
    const { signal } = this.#ending;
    if (signal.aborted) return;
    const run = work(signal)
      .catch((error) => {
        if (!signal.aborted) this.#onFailure(name, error);
      })
      .finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  /** Ends all work, and resolves when none runs any more. */
  async end(): Promise<void> {
    this.#ending.abort(new Error("The server is stopping"));
    await Promise.all(this.#running);
  }
}
