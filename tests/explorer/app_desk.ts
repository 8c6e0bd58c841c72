import type { Clock } from "../../src/ports/clock.ts";
import type { FeishuAnswer } from "../../src/ports/feishu.ts";
import { Secret } from "../../src/secret.ts";
import type { AppCall } from "./app_call.ts";
import { generationOf, type PairName } from "./pair_name.ts";
import type { Reply, SchedulePoints, Waiter } from "./schedule_points.ts";
import { ACCESS_LIFE_MS, refusal, unanswered } from "./wire_answers.ts";

/** With at least this much left Feishu hands an app token out again. */
export const APP_REUSE_MS = 1_800_000;
/** Feishu's code: try again later. */
const UNAVAILABLE = 20072;

/** What {@linkcode AppDesk} needs. */
export interface AppDeskOptions {
  readonly points: SchedulePoints;
  /** The virtual time. */
  readonly elapsedMs: () => number;
  /** Called with each request for an app token when it is sent. */
  readonly onAppCall: (call: AppCall) => void;
}

/** Feishu's endpoint of app tokens, under the schedule. */
export class AppDesk {
  /** Every request for an app token. */
  readonly calls: AppCall[] = [];
  /** The app token that Feishu hands out now. */
  token: { readonly name: PairName; readonly endsMs: number } = { name: "T0", endsMs: -Infinity };
  readonly #options: AppDeskOptions;

  /** Without any token. */
  constructor(options: AppDeskOptions) {
    this.#options = options;
  }

  /** A process asks for an app token. */
  issue(by: Waiter, clock: Clock, timeoutMs: number): Promise<FeishuAnswer> {
    const { points, elapsedMs, onAppCall } = this.#options;
    const call: AppCall = { by, sentMs: elapsedMs(), hasLease: true, isOver: false };
    this.calls.push(call);
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
    if (this.token.endsMs - nowMs < APP_REUSE_MS) {
      const count = generationOf(this.token.name) + 1;
      this.token = { name: `T${count}`, endsMs: nowMs + ACCESS_LIFE_MS };
    }
    const lifetimeMs = this.token.endsMs - nowMs;
    const accessToken = new Secret(this.token.name);
    return { kind: "issued", token: { accessToken, lifetimeMs, expiresAtMs: sentAtMs + lifetimeMs } };
  }
}
