/** What the sandbox did with a call; at first `pending`. */
export type CallOutcome = "accepted" | "refused" | "dropped_before" | "dropped_after" | "pending";

/** How an exchange ended for the client: by an answer, by a cut connection, or by its leaving before either. */
export type ExchangeEnd = "answered" | "cut" | "left";

/** The client of a call that came to the address of one client. */
export interface CallVia {
  /** Name. */
  readonly client: string;
  /** Arrival, in milliseconds of the sandbox's monotonic clock, which no control call moves. */
  readonly began_ms: number;
  /** End for the client, by the same clock; absent while the call is in progress. */
  readonly ended_ms?: number;
  /** Absent while the call is in progress. */
  readonly end?: ExchangeEnd;
}

/** A call as `/_sandbox/calls` shows it. */
export interface CallView {
  /** Number of the call in the order of arrival, from 1. */
  readonly seq: number;
  /** Arrival by the sandbox's clock, Unix seconds with fraction. */
  readonly at: number;
  /** HTTP method. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /**
   * The app id as presented, an id of version 0.1.0 as that of today; else the app of the token in `Authorization`;
   * `null` where there is neither.
   */
  readonly app_id: string | null;
  /** As presented. */
  readonly grant_type?: string;
  /** `tokenHash()` of the presented refresh token, device code or authorization code, or of the token to revoke. */
  readonly presented?: string;
  /** So far. */
  readonly outcome: CallOutcome;
  /** Feishu's code, 0 for success, also of an answer that was dropped; `null` where there is none. */
  readonly code: number | null;
  /** `X-Tt-Logid` of the answer. */
  readonly log_id: string;
  /** Absent for a call to the sandbox's common address. */
  readonly via?: CallVia;
}

/** The fields of a call that are known at its arrival. */
export type CallArrival = Pick<CallView, "at" | "method" | "path" | "log_id" | "via">;

/** The fields of a call that its headers and body add. */
export type CallSubject = Pick<CallView, "app_id" | "grant_type" | "presented">;

/** A call in progress. */
export interface Call {
  /** Adds the fields of headers and body. */
  describe(subject: CallSubject): void;
  /** Records the outcome. */
  decide(outcome: CallOutcome, code: number | null): void;
  /** The call as `/_sandbox/calls` shows it now. */
  view(): CallView;
  /** Records the end for the client, at `atMs` of the monotonic clock. Only the first time counts. */
  over(end: ExchangeEnd, atMs: number): void;
}

/** Most calls that are kept; after that the oldest is dropped. */
const KEPT_CALLS = 10_000;

/** The calls to the sandbox in the order of arrival, without control requests. */
export class Calls {
  #views: CallView[] = [];
  #seq = 0;

  /** Adds a call at its arrival. */
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

  /** The calls whose seq is above `after`, oldest first; with `client` only that client's. */
  view(after = 0, client?: string): readonly CallView[] {
    return this.#views
      .filter(({ seq, via }) => seq > after && (client === undefined || via?.client === client))
      .map((view) => ({ ...view }));
  }

  /** Removes all calls and counts from 1 again. */
  clear(): void {
    this.#views = [];
    this.#seq = 0;
  }
}
