import { findCode } from "../../src/feishu/code_table.ts";
import type { FeishuAnswer, FeishuPort, IssuedToken } from "../../src/ports/feishu.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { Secret } from "../../src/secret.ts";
import { PAUSE_ALLOWANCE_MS } from "../../src/tokens/renewal/limits.ts";
import { NO_LOGINS } from "../support/no_logins.ts";
import type { AppCall } from "./app_call.ts";
import { FeishuBooks } from "./feishu_books.ts";
import { generationOf, type PairName } from "./pair_name.ts";
import { issuedFor, type Presentation } from "./presentation.ts";
import type { Outcomes, Reply, SchedulePoints, Waiter } from "./schedule_points.ts";

/** Life of a user token and of an app token, in milliseconds. */
export const ACCESS_LIFE_MS = 7_200_000;
const REFRESH_LIFE_MS = 604_800_000;
/** With at least this much left Feishu hands an app token out again. */
export const APP_REUSE_MS = 1_800_000;
/** Feishu's codes: try again later; failed, whatever was done. */
const UNAVAILABLE = 20072;
const BROKEN = 20050;

/** What {@linkcode SimulatedFeishu} needs. */
export interface SimulatedFeishuOptions {
  readonly points: SchedulePoints;
  /** The virtual time. */
  readonly elapsedMs: () => number;
  /** Called with each presentation when the presenter has looked at its clock for the last time. */
  readonly onSend: (presentation: Presentation) => void;
  /** Called with each request for an app token when it is sent. */
  readonly onAppCall: (call: AppCall) => void;
  /** Whether a spent token may bring another pair. */
  readonly hasGrace: boolean;
}

/**
 * Feishu under the schedule: each presentation leaves, is decided and is answered at points of its own, and is recorded. A
 * refresh token works once. This is not the sandbox, which signs tokens with WebCrypto: what is tested is the order of
 * events between a presentation and its answer, not their wire format.
 */
export class SimulatedFeishu {
  readonly books = new FeishuBooks();
  /** Every presentation of a refresh token, in the order of the last look. */
  readonly presentations: Presentation[] = [];
  /** Every request for an app token. */
  readonly appCalls: AppCall[] = [];
  readonly #options: SimulatedFeishuOptions;
  /** The app token that Feishu hands out now. */
  appToken: { readonly name: PairName; readonly endsMs: number } = { name: "T0", endsMs: -Infinity };

  /** Without any login. */
  constructor(options: SimulatedFeishuOptions) {
    this.#options = options;
  }

  /** Feishu as one process reaches it. */
  port(by: Waiter, clock: Clock): FeishuPort {
    return {
      ...NO_LOGINS,
      issueAppToken: ({ timeoutMs }) => this.#issueAppToken(by, clock, timeoutMs),
      // No schedule asks for one: the engine renews both kinds alike.
      issueTenantToken: () => Promise.reject(new Error("No tenant tokens here")),
      refreshUserToken: ({ refreshToken, timeoutMs }) =>
        this.#refresh(by, clock, refreshToken.reveal(), timeoutMs),
    };
  }

  /**
   * Until when time may pass at most, milliseconds of virtual time: a request leaves within the pause allowance, since
   * nothing is promised to a process that is stopped for longer.
   */
  get mustLeaveByMs(): number {
    const waiting = this.presentations.filter(({ by, leftMs, isLost }) =>
      by.isAlive && leftMs === undefined && !isLost
    );
    return Math.min(Infinity, ...waiting.map(({ lookedMs }) => lookedMs + PAUSE_ALLOWANCE_MS));
  }

  #refresh(by: Waiter, clock: Clock, token: PairName, timeoutMs: number): Promise<FeishuAnswer> {
    const { points, elapsedMs, onSend } = this.#options;
    const presentation: Presentation = { by, token, lookedMs: elapsedMs(), isLost: false };
    this.presentations.push(presentation);
    onSend(presentation);
    const sentAtMs = clock.now();
    const answered = new AbortController();
    const { promise, resolve } = Promise.withResolvers<FeishuAnswer>();
    const reply: Reply<FeishuAnswer> = {
      give: (answer) => {
        if (!by.isAlive || answered.signal.aborted) return;
        answered.abort();
        const isWholeTruth = answer.kind === "issued" ||
          (answer.kind === "refused" && issuedFor(presentation) === undefined);
        if (isWholeTruth) presentation.answeredMs = elapsedMs();
        else presentation.isLost = true;
        resolve(answer);
      },
      fail: () => {},
    };
    const leave = (): Outcomes<FeishuAnswer> => {
      presentation.leftMs = elapsedMs();
      const untilMs = presentation.leftMs + timeoutMs;
      clock.sleep(timeoutMs, answered.signal).then(() => reply.give(unanswered(true)), () => {});
      return this.#outcomes(presentation, sentAtMs, untilMs);
    };
    points.add({
      waiter: by,
      what: `present ${token}`,
      outcomes: {
        answered: () => leave().answered?.(reply),
        leaves: () => {
          const outcomes = leave();
          const untilMs = elapsedMs() + timeoutMs;
          points.add({ waiter: by, what: `${token} at Feishu`, outlives: true, untilMs, outcomes }, reply);
        },
        unsent: ({ give }) => give(unanswered(false)),
      },
    }, reply);
    return promise;
  }

  /** The possible outcomes of a request that has left. */
  #outcomes(presentation: Presentation, sentAtMs: number, untilMs: number): Outcomes<FeishuAnswer> {
    const { points, elapsedMs, hasGrace } = this.#options;
    const { token } = presentation;
    const decide = (decision: NonNullable<Presentation["decision"]>): FeishuAnswer => {
      presentation.decidedMs = elapsedMs();
      presentation.decision = decision;
      return "issued" in decision
        ? { kind: "issued", token: issued(decision.issued, sentAtMs) }
        : refusal(decision.refused);
    };
    const rotate = (): FeishuAnswer => decide(this.books.rotate(token));
    return {
      answered: ({ give }) => give(rotate()),
      "decided, answer slow": (reply) => {
        const answer = rotate();
        const what = `answer about ${token}`;
        points.add({
          waiter: presentation.by,
          what,
          untilMs,
          outcomes: { arrives: ({ give }) => give(answer), "is lost": () => {} },
        }, reply);
      },
      "never arrives": () => {},
      "cut before": ({ give }) => give(unanswered(true)),
      "cut after": ({ give }) => {
        rotate();
        give(unanswered(true));
      },
      garbled: ({ give }) => {
        rotate();
        give({ kind: "unreadable", httpStatus: 200, detail: { en: "garbled", zh: "garbled" } });
      },
      unavailable: ({ give }) => give(decide({ refused: UNAVAILABLE })),
      "fails before": ({ give }) => give(decide({ refused: BROKEN })),
      "fails after": ({ give }) => {
        rotate();
        give(refusal(BROKEN));
      },
      ...(hasGrace ? { grace: ({ give }) => give(decide(this.books.rotateAgain(token))) } : {}),
    };
  }

  #issueAppToken(by: Waiter, clock: Clock, timeoutMs: number): Promise<FeishuAnswer> {
    const { points, elapsedMs, onAppCall } = this.#options;
    const call: AppCall = { by, sentMs: elapsedMs(), hasLease: true, isOver: false };
    this.appCalls.push(call);
    onAppCall(call);
    const sentAtMs = clock.now();
    const over = new AbortController();
    const { promise, resolve } = Promise.withResolvers<FeishuAnswer>();
    const reply: Reply<FeishuAnswer> = {
      give: (answer) => {
        if (!by.isAlive || call.isOver) return;
        call.isOver = true;
        over.abort();
        resolve(answer);
      },
      fail: () => {},
    };
    clock.sleep(timeoutMs, over.signal).then(() => reply.give(unanswered(true)), () => {});
    points.add({
      waiter: by,
      what: "ask for an app token",
      untilMs: call.sentMs + timeoutMs,
      outcomes: {
        answered: ({ give }) => give(this.#currentAppToken(sentAtMs)),
        "never arrives": () => {},
        unavailable: ({ give }) => give(refusal(UNAVAILABLE)),
      },
    }, reply);
    return promise;
  }

  /** The same token again while enough of it is left. */
  #currentAppToken(sentAtMs: number): FeishuAnswer {
    const nowMs = this.#options.elapsedMs();
    if (this.appToken.endsMs - nowMs < APP_REUSE_MS) {
      const count = generationOf(this.appToken.name) + 1;
      this.appToken = { name: `T${count}`, endsMs: nowMs + ACCESS_LIFE_MS };
    }
    const lifetimeMs = this.appToken.endsMs - nowMs;
    const accessToken = new Secret(this.appToken.name);
    return { kind: "issued", token: { accessToken, lifetimeMs, expiresAtMs: sentAtMs + lifetimeMs } };
  }
}

/** `pair` as Feishu issues it for a request that was sent at `sentAtMs`, Unix milliseconds. */
export function issued(pair: PairName, sentAtMs: number): IssuedToken {
  return {
    accessToken: new Secret(`user token of ${pair}`),
    expiresAtMs: sentAtMs + ACCESS_LIFE_MS,
    lifetimeMs: ACCESS_LIFE_MS,
    refreshToken: new Secret(pair),
    refreshExpiresAtMs: sentAtMs + REFRESH_LIFE_MS,
    tokenType: "Bearer",
  };
}

function refusal(code: number): FeishuAnswer {
  const row = findCode(code, "oauth");
  if (row === undefined) throw new RangeError(`Not in the table of codes: ${code}`);
  const { verdict, mayHaveConsumed, errorCode } = row;
  return {
    kind: "refused",
    refusal: { verdict, mayHaveConsumed, errorCode, httpStatus: 400, feishuCode: code },
  };
}

function unanswered(sent: boolean): FeishuAnswer {
  return { kind: "unanswered", sent, timedOut: sent, detail: { en: "no answer", zh: "无应答" } };
}
