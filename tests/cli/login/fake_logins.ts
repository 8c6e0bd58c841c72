import { setTimeout as delay } from "node:timers/promises";
import type { composeServer } from "../../../src/compose.ts";
import { composeServer as composeReal } from "../../../src/compose.ts";
import { TokenError } from "../../../src/errors/token_error.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type {
  EndedLogin,
  KeepReport,
  KeptLogin,
  LoginProgress,
  LoginRequest,
  LoginService,
  StartedLogin,
  UserTokenRequest,
} from "../../../src/ports/logins.ts";
import { Secret } from "../../../src/secret.ts";

/** Where the clock of a command begins, about. */
export const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

/** Of {@linkcode STARTED}. */
export const LOGIN_ID = "bG9naW4taGFuZGxlLTE";

/** A login that waits for ten minutes. */
export const STARTED: StartedLogin = {
  loginId: new Secret(LOGIN_ID),
  verificationUrl: "https://accounts.feishu.cn/oauth/v1/device/verify?flow_id=A_b-1&user_code=ABCD-EFGH",
  userCode: "ABCD-EFGH",
  expiresAtMs: NOW_MS + 600_000,
  scopes: ["docx:document", "im:message"],
  isNew: true,
};

/** Ann's login, just made. */
export const ANN: KeptLogin = {
  brand: "feishu",
  appId: "cli_5a4db0c000000001",
  user: { openId: "ou_ann", name: "Ann", tenantKey: "2ed263bf32cf1651" },
  scope: "offline_access docx:document",
  accessTokenExpiresAtMs: NOW_MS + 7_200_000,
  refreshTokenExpiresAtMs: NOW_MS + 7 * 86_400_000,
  loginEndsAtMs: NOW_MS + 365 * 86_400_000,
  renewable: true,
  lastRenewedAtMs: NOW_MS,
  nextRenewalAtMs: NOW_MS + 3 * 86_400_000,
  needsLogin: false,
};

/** The pause of {@linkcode pending}: no other wait of the program is as long. */
export const PAUSE_MS = 4_321;

/** Real time from {@linkcode NOW_MS} on, in which the pauses between two questions pass at once. */
export function withoutPauses(): Clock {
  const startedMs = performance.now();
  let skippedMs = 0;
  const monotonic = (): number => performance.now() - startedMs + skippedMs;
  return {
    monotonic,
    now: () => NOW_MS + monotonic(),
    async sleep(ms, signal): Promise<void> {
      signal?.throwIfAborted();
      if (ms === PAUSE_MS) skippedMs += ms;
      else await delay(ms, undefined, { signal }).catch(() => signal?.throwIfAborted());
    },
  };
}

/** The person has not agreed yet. */
export function pending(
  more: Partial<Extract<LoginProgress, { kind: "pending" }>> = {},
): LoginProgress {
  return {
    kind: "pending",
    retryAfterMs: PAUSE_MS,
    expiresAtMs: STARTED.expiresAtMs,
    isApproved: false,
    ...more,
  };
}

/** Ann has agreed. */
export function done(more: Partial<Extract<LoginProgress, { kind: "done" }>> = {}): LoginProgress {
  return { kind: "done", login: ANN, missingScopes: [], ...more };
}

/** Answers as a test says, and notes what it was asked. */
export class FakeLogins implements LoginService {
  /** What `start` answers. */
  started = STARTED;
  /** What each call of `finish` answers or throws, the last of them for ever. */
  progress: (LoginProgress | TokenError)[] = [done()];
  /** What waits. */
  waits: StartedLogin[] = [];
  kept: KeptLogin[] = [ANN];
  ended: EndedLogin = { user: ANN.user, upstream: "revoked" };
  report: KeepReport = { renewed: [], failed: [], withoutSecret: [], ending: [] };
  /** Whether another process of the store seems to run; the truth unless set. */
  hasOtherProcesses?: boolean;
  /** Called in `finish`, before its answer. */
  onFinish: () => void | Promise<void> = () => {};
  /** What was asked, without secrets. */
  readonly calls: (readonly [string, ...unknown[]])[] = [];
  /** The refresh tokens that were handed over. */
  readonly adopted: string[] = [];

  start(_app: unknown, request: LoginRequest): Promise<StartedLogin> {
    this.calls.push(["start", request]);
    return Promise.resolve(this.started);
  }

  async finish(
    _app: unknown,
    loginId: Secret,
    choice: { readonly replace?: boolean },
  ): Promise<LoginProgress> {
    this.calls.push(["finish", loginId.reveal(), choice]);
    await this.onFinish();
    return this.#next();
  }

  waiting(): Promise<readonly StartedLogin[]> {
    return Promise.resolve(this.waits);
  }

  adopt(_app: unknown, refreshToken: Secret): Promise<LoginProgress> {
    this.adopted.push(refreshToken.reveal());
    return Promise.resolve().then(() => this.#next());
  }

  userToken(_app: unknown, request: UserTokenRequest): ReturnType<LoginService["userToken"]> {
    this.calls.push(["userToken", request]);
    if (this.kept.length === 0) return Promise.reject(new TokenError("not_logged_in"));
    return Promise.resolve({
      accessToken: new Secret("u-plantedUserToken"),
      expiresAtMs: ANN.accessTokenExpiresAtMs,
      lifetimeMs: 7_200_000,
      tokenType: "Bearer",
      scope: ANN.scope,
      user: ANN.user,
    });
  }

  list(app: unknown): Promise<readonly KeptLogin[]> {
    this.calls.push(["list", app]);
    return Promise.resolve(this.kept);
  }

  logout(_app: unknown, user: string | undefined): Promise<EndedLogin> {
    this.calls.push(["logout", user]);
    return Promise.resolve(this.ended);
  }

  keep(apps: readonly { readonly appId: string }[]): Promise<KeepReport> {
    this.calls.push(["keep", apps.map(({ appId }) => appId)]);
    return Promise.resolve(this.report);
  }

  /** Wires everything as the program does, but for the logins. */
  get compose(): typeof composeServer {
    return async (options) => {
      const server = await composeReal(options);
      const hasOtherProcesses = async (): Promise<boolean> =>
        this.hasOtherProcesses ?? await server.hasOtherProcesses();
      return { ...server, logins: this, hasOtherProcesses };
    };
  }

  #next(): LoginProgress {
    const next = this.progress.length > 1 ? this.progress.shift() : this.progress[0];
    if (next === undefined) throw new Error("The test says no answer");
    if (next instanceof TokenError) throw next;
    return next;
  }
}

/** The variables of an app. */
export const APP_ENV = {
  FEISHU_APP_ID: "cli_5a4db0c000000001",
  FEISHU_APP_SECRET: "plantedSecretPlantedSecretPlante",
};
