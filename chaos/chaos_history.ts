import type { Span } from "./checker/observed_run.ts";
import type { LogLines } from "../harness/log_lines.ts";
import type { Life } from "./checker/life.ts";

/**
 * The history of a run, but for the calls: the faults of processes and store, and the tokens that callers got. Times are
 * `performance.now()`.
 */
export class ChaosHistory {
  /** Every process, by name. */
  readonly lives = new Map<string, Life>();
  /** The last log lines of each process, by name. */
  readonly logs = new Map<string, LogLines>();
  /** Hashes of the refresh tokens that callers were given. */
  readonly served = new Set<string>();
  readonly #outages: { readonly fromMs: number; toMs: number }[] = [];

  /** A process is about to start on `machine`. */
  born(name: string, machine: string): Life {
    const life: Life = { name, machine, stops: [] };
    this.lives.set(name, life);
    return life;
  }

  /** Notes that the store stops working now. The function returned notes its end. */
  outageBegins(): () => void {
    const outage = { fromMs: performance.now(), toMs: Infinity };
    this.#outages.push(outage);
    return () => {
      outage.toMs = performance.now();
    };
  }

  /** When the store did not work. */
  get outages(): readonly Span[] {
    return this.#outages;
  }

  /** Whether the store did not work at some time since `fromMs`. */
  hadOutageSince(fromMs: number): boolean {
    return this.#outages.some(({ toMs }) => toMs >= fromMs);
  }
}
