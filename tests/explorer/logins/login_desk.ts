import type {
  DeviceStartAnswer,
  FailedCall,
  FeishuPort,
  RevokeAnswer,
  UserInfoAnswer,
} from "../../../src/ports/feishu.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import { Secret } from "../../../src/secret.ts";
import type { PairName } from "../pair_name.ts";
import type { Outcomes, Reply, SchedulePoints, Waiter } from "../schedule_points.ts";
import { ACCESS_LIFE_MS, unanswered, userRefusal } from "../wire_answers.ts";
import { DEVICE_INTERVAL_MS, DEVICE_LIFE_MS, type LoginBooks } from "./login_books.ts";
import type { Revocation } from "./revocation.ts";

/** Feishu's codes: try again later; the access token is not good. */
const UNAVAILABLE = 20050;
const BAD_ACCESS_TOKEN = 20005;
const ACCESS_OF = "user token of ";

/** What {@linkcode LoginDesk} needs. */
export interface LoginDeskOptions {
  readonly books: LoginBooks;
  readonly points: SchedulePoints;
  /** The virtual time. */
  readonly elapsedMs: () => number;
  /** When a pair was issued, by virtual time. */
  readonly issuedMs: (pair: PairName) => number;
  /** Called when Feishu is about to end what a revocation ends. */
  readonly onRevoke: (revocation: Revocation) => void;
}

/** A request with its bound, and the ways in which it may fail that say nothing. */
interface Call<T> {
  readonly by: Waiter;
  readonly clock: Clock;
  readonly what: string;
  readonly timeoutMs: number;
  readonly outlives?: boolean;
  readonly answer: () => T;
}

/** Feishu's endpoints of logins that present no code: each request and each answer waits for the schedule. */
export class LoginDesk {
  readonly revocations: Revocation[] = [];
  readonly #options: LoginDeskOptions;

  /** In front of `books`. */
  constructor(options: LoginDeskOptions) {
    this.#options = options;
  }

  /** Its endpoints as one process reaches them. */
  port(by: Waiter, clock: Clock): Pick<FeishuPort, "startDevice" | "userInfo" | "revoke"> {
    return {
      startDevice: ({ scopes, timeoutMs }) =>
        this.#call<DeviceStartAnswer>({
          ...{ by, clock, timeoutMs },
          what: "start a device",
          answer: () => this.#started(scopes, clock.now()),
        }),
      userInfo: ({ accessToken, timeoutMs }) => {
        const pair = accessToken.reveal().slice(ACCESS_OF.length);
        const what = `ask whose ${pair} is`;
        return this.#call<UserInfoAnswer>({ by, clock, timeoutMs, what, answer: () => this.#user(pair) });
      },
      revoke: ({ token, timeoutMs }) => {
        const pair = token.reveal();
        const revocation: Revocation = { by, token: pair, sentMs: this.#options.elapsedMs() };
        this.revocations.push(revocation);
        const answer = (): RevokeAnswer => this.#revoked(revocation);
        return this.#call({ by, clock, timeoutMs, what: `revoke ${pair}`, outlives: true, answer });
      },
    };
  }

  #call<T>({ by, clock, what, timeoutMs, outlives = false, answer }: Call<T | FailedCall>): Promise<T> {
    const { points, elapsedMs } = this.#options;
    const over = new AbortController();
    const { promise, resolve } = Promise.withResolvers<T>();
    const reply: Reply<T | FailedCall> = {
      give: (given) => {
        if (!by.isAlive || over.signal.aborted) return;
        over.abort();
        resolve(given as T);
      },
      fail: () => {},
    };
    const untilMs = elapsedMs() + timeoutMs;
    clock.sleep(timeoutMs, over.signal).then(() => reply.give(unanswered(true)), () => {});
    const arrive = (given: T | FailedCall): Outcomes<T | FailedCall> => ({
      arrives: ({ give }) => give(given),
      "is lost": () => {},
    });
    const ends: Outcomes<T | FailedCall> = {
      answered: ({ give }) => give(answer()),
      "decided, answer slow": (late) => {
        points.add({ waiter: by, what: `${what}: answer`, untilMs, outcomes: arrive(answer()) }, late);
      },
      "cut after": ({ give }) => {
        answer();
        give(unanswered(true));
      },
      "never arrives": () => {},
      unavailable: ({ give }) => give(userRefusal(UNAVAILABLE)),
    };
    points.add({
      waiter: by,
      what,
      untilMs,
      outcomes: {
        ...ends,
        ...(outlives
          ? {
            leaves: (late: Reply<T | FailedCall>): void =>
              points.add({ waiter: by, what: `${what} at Feishu`, outlives, untilMs, outcomes: ends }, late),
          }
          : {}),
        unsent: ({ give }) => give(unanswered(false)),
      },
    }, reply);
    return promise;
  }

  #started(scopes: readonly string[], sentAtMs: number): DeviceStartAnswer {
    const { code } = this.#options.books.start(scopes);
    return {
      kind: "started",
      device: {
        deviceCode: new Secret(code),
        userCode: code,
        verificationUrl: "https://accounts.feishu.cn/verify",
        expiresAtMs: sentAtMs + DEVICE_LIFE_MS,
        intervalMs: DEVICE_INTERVAL_MS,
      },
    };
  }

  #user(pair: PairName): UserInfoAnswer {
    const { books, elapsedMs, issuedMs } = this.#options;
    const family = books.familyOf(pair);
    const isOver = elapsedMs() >= issuedMs(pair) + ACCESS_LIFE_MS;
    if (family === undefined || family.isEnded || isOver) return userRefusal(BAD_ACCESS_TOKEN);
    return { kind: "user", user: { openId: family.person, name: family.person } };
  }

  #revoked(revocation: Revocation): RevokeAnswer {
    const { books, elapsedMs, onRevoke } = this.#options;
    onRevoke(revocation);
    revocation.decidedMs = elapsedMs();
    books.revoke(revocation.token);
    return { kind: "revoked" };
  }
}
