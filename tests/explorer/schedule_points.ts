/** What waits at a point: one run of one process. */
export interface Waiter {
  /** For the trace. */
  readonly label: string;
  /** `false` once it was killed: then nothing of it goes on. */
  readonly isAlive: boolean;
}

/** Ends an operation for the code that awaits it. Does nothing for a process that was killed. */
export interface Reply<T> {
  give(value: T): void;
  fail(error: Error): void;
}

/** The possible outcomes of an operation, by name, the ordinary one first. */
export type Outcomes<T> = Readonly<Record<string, (reply: Reply<T>) => void | Promise<void>>>;

/** An operation that has begun and goes on when the schedule says so. */
export interface Point {
  readonly waiter: Waiter;
  /** For instance `claim A1`. */
  readonly what: string;
  /** Names of its possible outcomes, the ordinary one first. */
  readonly outcomes: readonly string[];
  /** Whether it stays possible when its process is killed: the bytes have left. */
  readonly outlives: boolean;
  /** Since when it waits, milliseconds of virtual time. */
  readonly sinceMs: number;
  /** From then on it cannot happen any more, milliseconds of virtual time. */
  readonly untilMs: number;
  /** Whether it goes on by itself, as soon as every process waits. */
  readonly isAutomatic: boolean;
  /** Removes it and lets `outcomeName` happen. */
  proceed(outcomeName: string): Promise<void>;
}

/** What {@linkcode SchedulePoints.wait} needs. */
export interface PointOptions<T> extends Pick<Point, "waiter" | "what"> {
  readonly outlives?: boolean;
  readonly untilMs?: number;
  readonly isAutomatic?: boolean;
  readonly outcomes: Outcomes<T>;
}

/** All points at which processes of a world wait, in the order of their arrival. */
export class SchedulePoints {
  readonly #elapsedMs: () => number;
  #open: Point[] = [];

  /** `elapsedMs` tells the virtual time. */
  constructor(elapsedMs: () => number) {
    this.#elapsedMs = elapsedMs;
  }

  /** The open ones. */
  get open(): readonly Point[] {
    return this.#open;
  }

  /** Waits until the schedule decides. */
  wait<T>(options: PointOptions<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const { waiter } = options;
    this.add(options, {
      give: (value) => void (waiter.isAlive && resolve(value)),
      fail: (error) => void (waiter.isAlive && reject(error)),
    });
    return promise;
  }

  /** A further point of an operation that `reply` still waits for. */
  add<T>(options: PointOptions<T>, reply: Reply<T>): void {
    const { waiter, what, outlives = false, untilMs = Infinity, isAutomatic = false, outcomes } = options;
    const point: Point = {
      waiter,
      what,
      outlives,
      untilMs,
      isAutomatic,
      outcomes: Object.keys(outcomes),
      sinceMs: this.#elapsedMs(),
      proceed: async (outcomeName) => {
        this.#open = this.#open.filter((each) => each !== point);
        const happens = outcomes[outcomeName];
        if (happens === undefined) throw new RangeError(`${what} cannot end as "${outcomeName}"`);
        try {
          await happens(reply);
        } catch (error) {
          reply.fail(error instanceof Error ? error : new Error(String(error)));
        }
      },
    };
    this.#open.push(point);
  }

  /** Removes the points of processes that were killed, and those for which it is too late. */
  prune(): void {
    const now = this.#elapsedMs();
    this.#open = this.#open.filter(({ waiter, outlives, untilMs }) =>
      (waiter.isAlive || outlives) && untilMs > now
    );
  }
}
