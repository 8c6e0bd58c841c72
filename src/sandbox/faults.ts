import { defined } from "../defined.ts";

/** What a fault can do to a call. */
export const FAULT_KINDS = [
  "slow",
  "hang",
  "hang_after",
  "refuse",
  "drop_before",
  "drop_after",
  "garbage",
  "truncate",
  "rate_limit",
  "http",
  "http_after",
] as const;

/** One of {@linkcode FAULT_KINDS}. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault, as it is set. */
export interface FaultRequest {
  /** Matched against the path of a call; absent for every call. */
  readonly path?: RegExp | undefined;
  /** Name of the client whose calls meet it; absent for every client. */
  readonly client?: string | undefined;
  /** Number of calls that meet it; absent: all until it is cleared. */
  readonly times?: number | undefined;
  /** What it does. */
  readonly kind: FaultKind;
  /** Milliseconds: a wait, or the window of `rate_limit`. */
  readonly ms?: number | undefined;
  /** Feishu's code of a refusal. */
  readonly code?: number | undefined;
  /** HTTP status of the answer. */
  readonly status?: number | undefined;
  /** Page of a refusal with 21000 or 21001. */
  readonly challenge_url?: string | undefined;
}

/** A fault as `GET /_sandbox/faults` shows it. */
export interface FaultView {
  /** Number of the fault, from 1. */
  readonly id: number;
  /** Source of the regular expression. */
  readonly path?: string;
  /** As set. */
  readonly client?: string;
  /** As set. */
  readonly kind: FaultKind;
  /** Number of calls that will still meet it. */
  readonly times?: number;
  /** As set. */
  readonly ms?: number;
  /** As set. */
  readonly code?: number;
  /** As set. */
  readonly status?: number;
  /** As set. */
  readonly challenge_url?: string;
}

/** End of a held call: it proceeds as without the fault, or its connection is cut. */
export type Release = "proceed" | "cut";

/** A fault that a call has met. */
export interface MetFault extends FaultRequest {
  /** Number of the fault, from 1. */
  readonly id: number;
}

interface StoredFault {
  readonly id: number;
  readonly request: FaultRequest;
  left: number;
}

/** The faults that are set, and the calls that they hold. */
export class Faults {
  #stored: StoredFault[] = [];
  #lastId = 0;
  /** Releases a held call; the value is the id of its fault. */
  readonly #held = new Map<(release: Release) => void, number>();

  /** Sets a fault and returns its id. */
  add(request: FaultRequest): number {
    this.#lastId += 1;
    this.#stored.push({ id: this.#lastId, request, left: request.times ?? Number.POSITIVE_INFINITY });
    return this.#lastId;
  }

  /** The oldest fault that matches the call, which counts as one of its times. */
  take(path: string, client: string | undefined): MetFault | undefined {
    const found = this.#stored.find(({ request }) =>
      (request.path === undefined || request.path.test(path)) &&
      (request.client === undefined || request.client === client)
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left === 0) this.#stored = this.#stored.filter((fault) => fault !== found);
    return { ...found.request, id: found.id };
  }

  /** Holds a call until its fault is cleared. An abort of `signal` cuts it. */
  hold({ id }: MetFault, signal: AbortSignal): Promise<Release> {
    if (signal.aborted) return Promise.resolve("cut");
    const { promise, resolve } = Promise.withResolvers<Release>();
    const release = (how: Release): void => {
      this.#held.delete(release);
      signal.removeEventListener("abort", onAbort);
      resolve(how);
    };
    const onAbort = (): void => release("cut");
    this.#held.set(release, id);
    signal.addEventListener("abort", onAbort);
    return promise;
  }

  /** Number of calls that are held now. */
  get held(): number {
    return this.#held.size;
  }

  /** The faults that are set, oldest first. */
  view(): readonly FaultView[] {
    return this.#stored.map(({ id, request, left }) => ({
      id,
      ...(request.path === undefined ? {} : { path: request.path.source }),
      ...defined({ client: request.client }),
      kind: request.kind,
      ...(Number.isFinite(left) ? { times: left } : {}),
      ...defined({
        ms: request.ms,
        code: request.code,
        status: request.status,
        challenge_url: request.challenge_url,
      }),
    }));
  }

  /** Removes every fault and releases the held calls. Returns the number of faults. */
  clear(release: Release): number {
    const count = this.#stored.length;
    this.#stored = [];
    for (const free of [...this.#held.keys()]) free(release);
    return count;
  }

  /**
   * Removes one fault, if it is still set, and lets the calls that it holds proceed. Returns the number of faults: 0
   * or 1.
   */
  clearOne(id: number): number {
    const count = this.#stored.length;
    this.#stored = this.#stored.filter((fault) => fault.id !== id);
    for (const [free, holder] of [...this.#held]) if (holder === id) free("proceed");
    return count - this.#stored.length;
  }
}
