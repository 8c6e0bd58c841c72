/** What the sandbox made of a call. `pending` until that is decided. */
export type CallOutcome = "accepted" | "refused" | "dropped_before" | "dropped_after" | "pending";

/**
 * How an exchange ended for the client: an answer was sent, the connection was cut, or the client left before either.
 */
export type ExchangeEnd = "answered" | "cut" | "left";

/** Whose call it is, where it came to the address of one client. */
export interface CallVia {
  /** The client's name. */
  readonly client: string;
  /** Arrival, in milliseconds of the sandbox's monotonic clock, which no control call moves. */
  readonly began_ms: number;
  /** When it was over for the client, by the same clock; absent while it is under way. */
  readonly ended_ms?: number;
  /** How it was over for the client. */
  readonly end?: ExchangeEnd;
}

/** A call as `/_sandbox/calls` shows it. */
export interface CallView {
  /** Counts the calls from 1 in the order of their arrival. */
  readonly seq: number;
  /** Arrival by the sandbox's clock, Unix seconds with fraction. */
  readonly at: number;
  /** HTTP method. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /**
   * As presented, the id of an app in version 0.1.0 as that of today; else the owner of the token in `Authorization`;
   * `null` where neither says.
   */
  readonly app_id: string | null;
  /** As presented. */
  readonly grant_type?: string;
  /** `tokenHash()` of the refresh token, device code or authorization code. */
  readonly presented?: string;
  /** What became of it. */
  readonly outcome: CallOutcome;
  /** Feishu's code as answered, 0 for success; `null` where there is none. Of a lost answer: what it would have said. */
  readonly code: number | null;
  /** The answer's `X-Tt-Logid`. */
  readonly log_id: string;
  /** Absent for a call to the sandbox's common address. */
  readonly via?: CallVia;
}

/** What is known of a call when it arrives. */
export type CallArrival = Pick<CallView, "at" | "method" | "path" | "log_id" | "via">;

/** What a call's body and headers add. */
export type CallSubject = Pick<CallView, "app_id" | "grant_type" | "presented">;

/** A call under way. */
export interface Call {
  /** Adds what the body says. */
  describe(subject: CallSubject): void;
  /** Says what became of it. */
  decide(outcome: CallOutcome, code: number | null): void;
  /** The call as `/_sandbox/calls` shows it now. */
  view(): CallView;
  /** Says that it is over for the client, at `atMs` of the monotonic clock. The first word counts. */
  over(end: ExchangeEnd, atMs: number): void;
}

/** Beyond this many calls the oldest are forgotten. */
const KEPT_CALLS = 10_000;

/** What the sandbox was asked, in order of arrival. Control requests are not in it. */
export class Calls {
  #views: CallView[] = [];
  #seq = 0;

  /** Records a call at its arrival. */
  arrived(arrival: CallArrival): Call {
    this.#seq += 1;
    const view: { -readonly [K in keyof CallView]: CallView[K] } = {
      seq: this.#seq,
      ...arrival,
      app_id: null,
      outcome: "pending",
      code: null,
    };
    this.#views.push(view);
    if (this.#views.length > KEPT_CALLS) this.#views.shift();
    return {
      describe: (subject) => {
        Object.assign(view, subject);
      },
      decide: (outcome, code) => {
        view.outcome = outcome;
        view.code = code;
      },
      view: () => ({ ...view }),
      over: (end, atMs) => {
        if (view.via?.end === undefined && view.via !== undefined) {
          view.via = { ...view.via, ended_ms: atMs, end };
        }
      },
    };
  }

  /** The calls whose seq is above `after`, those of `client` alone where one is named, oldest first. */
  view(after = 0, client?: string): readonly CallView[] {
    return this.#views
      .filter(({ seq, via }) => seq > after && (client === undefined || via?.client === client))
      .map((view) => ({ ...view }));
  }

  /** Forgets them all and counts from 1 again. */
  clear(): void {
    this.#views = [];
    this.#seq = 0;
  }
}
