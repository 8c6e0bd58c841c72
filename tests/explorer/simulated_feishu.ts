import type { FeishuAnswer, FeishuPort } from "../../src/ports/feishu.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { PAUSE_ALLOWANCE_MS } from "../../src/tokens/renewal/limits.ts";
import { NO_LOGINS } from "../support/no_logins.ts";
import { AppDesk, type AppDeskOptions } from "./app_desk.ts";
import { FeishuBooks } from "./feishu_books.ts";
import { LoginBooks } from "./logins/login_books.ts";
import { LoginDesk } from "./logins/login_desk.ts";
import { type LoginSwitches, PLAIN_FEISHU } from "./logins/login_switches.ts";
import type { Revocation } from "./logins/revocation.ts";
import type { PairName } from "./pair_name.ts";
import { issuedFor, type Presentation } from "./presentation.ts";
import type { Outcomes, Reply, Waiter } from "./schedule_points.ts";
import { deviceRefusal, issued, REFRESH_LIFE_MS, refusal, unanswered } from "./wire_answers.ts";

/** Feishu's codes: try again later; failed, whatever was done. */
const UNAVAILABLE = 20072;
const BROKEN = 20050;
/** Its word about a refresh token that has lived for too long. */
const TOO_OLD = 20037;

/** What {@linkcode SimulatedFeishu} needs. */
export interface SimulatedFeishuOptions extends AppDeskOptions {
  /** Called with each presentation when the presenter has looked at its clock for the last time. */
  readonly onSend: (presentation: Presentation) => void;
  /** Whether a spent token may bring another pair. */
  readonly hasGrace: boolean;
  /** What it does with logins; the plainest where absent. */
  readonly logins?: LoginSwitches | undefined;
  /** Called when it is about to end what a revocation ends. */
  readonly onRevoke: (revocation: Revocation) => void;
}

/** What one request presents, and how its refusals look. */
interface Presented {
  readonly by: Waiter;
  readonly clock: Clock;
  /** A refresh token or a device code. */
  readonly token: PairName;
  readonly timeoutMs: number;
  readonly decide: () => NonNullable<Presentation["decision"]>;
  readonly refused: (code: number) => FeishuAnswer;
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
  readonly apps: AppDesk;
  readonly logins: LoginBooks;
  readonly desk: LoginDesk;
  readonly #options: SimulatedFeishuOptions;
  /** When each pair was issued, by virtual time. */
  readonly #issuedMs = new Map<PairName, number>();

  /** Without any login. */
  constructor(options: SimulatedFeishuOptions) {
    this.#options = options;
    this.apps = new AppDesk(options);
    const { points, elapsedMs, logins = PLAIN_FEISHU, onRevoke } = options;
    this.logins = new LoginBooks(this.books, logins, elapsedMs);
    const issuedMs = (pair: PairName): number => this.#issuedMs.get(pair) ?? -Infinity;
    this.desk = new LoginDesk({ books: this.logins, points, elapsedMs, issuedMs, onRevoke });
  }

  /** Whether a refresh of `token` would be accepted. */
  isGood(token: PairName): boolean {
    return this.books.isLive(token) && !this.#isTooOld(token);
  }

  /** Feishu as one process reaches it. */
  port(by: Waiter, clock: Clock): FeishuPort {
    return {
      ...NO_LOGINS,
      ...this.desk.port(by, clock),
      redeemDeviceCode: ({ deviceCode, intervalMs, timeoutMs }) => {
        const code = deviceCode.reveal();
        const decide = (): NonNullable<Presentation["decision"]> => this.logins.redeem(code);
        const refused = (feishuCode: number): FeishuAnswer =>
          feishuCode === UNAVAILABLE || feishuCode === BROKEN
            ? refusal(feishuCode)
            : deviceRefusal(feishuCode, intervalMs);
        return this.#present({ by, clock, token: code, timeoutMs, decide, refused });
      },
      issueAppToken: ({ timeoutMs }) => this.apps.issue(by, clock, timeoutMs),
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

  #isTooOld(token: PairName): boolean {
    return this.#options.elapsedMs() >= (this.#issuedMs.get(token) ?? Infinity) + REFRESH_LIFE_MS;
  }

  #refresh(by: Waiter, clock: Clock, token: PairName, timeoutMs: number): Promise<FeishuAnswer> {
    const decide = (): NonNullable<Presentation["decision"]> =>
      this.#isTooOld(token) ? { refused: TOO_OLD } : this.books.rotate(token);
    return this.#present({ by, clock, token, timeoutMs, decide, refused: refusal });
  }

  #present(presented: Presented): Promise<FeishuAnswer> {
    const { by, clock, token, timeoutMs } = presented;
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
      return this.#outcomes(presentation, presented, sentAtMs, untilMs);
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
  #outcomes(
    presentation: Presentation,
    presented: Presented,
    sentAtMs: number,
    untilMs: number,
  ): Outcomes<FeishuAnswer> {
    const { points, elapsedMs, hasGrace } = this.#options;
    const { token } = presentation;
    const decide = (decision: NonNullable<Presentation["decision"]>): FeishuAnswer => {
      presentation.decidedMs = elapsedMs();
      presentation.decision = decision;
      return "issued" in decision
        ? this.#issued(decision.issued, sentAtMs)
        : presented.refused(decision.refused);
    };
    const rotate = (): FeishuAnswer => decide(presented.decide());
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
        give(presented.refused(BROKEN));
      },
      ...(hasGrace && presented.refused === refusal
        ? { grace: ({ give }) => give(decide(this.books.rotateAgain(token))) }
        : {}),
    };
  }

  #issued(pair: PairName, sentAtMs: number): FeishuAnswer {
    if (!this.#issuedMs.has(pair)) this.#issuedMs.set(pair, this.#options.elapsedMs());
    const family = this.logins.familyOf(pair);
    const claims = family?.claims;
    return {
      kind: "issued",
      token: issued(pair, sentAtMs, family?.scope),
      ...(claims === undefined ? {} : { claims }),
    };
  }
}
