import { TokenError } from "../errors/token_error.ts";
import type { AppCredentials } from "../ports/feishu.ts";
import type { LoginOwner } from "../ports/login_owner.ts";
import type {
  EndedLogin,
  KeepReport,
  KeptLogin,
  KeptUserToken,
  LoginProgress,
  LoginRequest,
  LoginService,
  StartedLogin,
  UserTokenRequest,
} from "../ports/logins.ts";
import type { CallContext } from "../ports/tokens.ts";
import type { Secret } from "../secret.ts";
import { within } from "../concurrency/within.ts";
import { userOf } from "../tokens/grants/grant_view.ts";
import type { KeepAlive } from "../tokens/grants/keep_alive.ts";
import type { KeptGrant } from "../tokens/grants/kept_grants.ts";
import { withinCallerDeadline } from "../tokens/renewal/within_caller_deadline.ts";
import { appName } from "./app_name.ts";
import type { LoginParts } from "./login_parts.ts";
import { progressOf } from "./progress_of.ts";
import type { LoginRecord } from "./login_record.ts";
import type { LoginStarts } from "./login_starts.ts";
import type { LoginSteps } from "./login_steps.ts";
import type { LoginWatch } from "./login_watch.ts";

/** How long `finish` waits for the steps that this process takes meanwhile, in milliseconds. */
const FINISH_WAIT_MS = 2_000;
/** A login that ends by itself within this is named by `keep`, in milliseconds. */
const ENDING_MS = 3 * 24 * 60 * 60 * 1_000;

/** Connects the flows, the grants and the background work to the port. */
export class KeptLogins implements LoginService {
  readonly #options: KeptLoginsOptions;

  /** For one process. */
  constructor(options: KeptLoginsOptions) {
    this.#options = options;
  }

  /** Starts a login, or returns the one like it that waits. */
  async start(credentials: AppCredentials, request: LoginRequest, call: CallContext): Promise<StartedLogin> {
    const { starts, watch, parts: { engine } } = this.#options;
    const owner = await this.#ownerOf(call, credentials);
    const work = engine.flights.detach(() => starts.start(owner, credentials, request, call));
    const { login, isNew } = await withinCallerDeadline(engine.clock, work, call);
    watch.know(credentials);
    watch.add(login, credentials);
    return startedOf(login, isNew);
  }

  /** How a login stands. Takes the steps that are possible now, and waits a moment for them. */
  async finish(
    credentials: AppCredentials,
    loginId: Secret,
    { replace }: { readonly replace?: boolean },
    call: CallContext,
  ): Promise<LoginProgress> {
    const { parts: { records, engine }, watch } = this.#options;
    const owner = await this.#ownerOf(call, credentials);
    const { value: found } = await records.get(loginId);
    if (found === null || found.owner !== owner || !this.#isOf(found, credentials)) {
      throw new TokenError("login_not_found");
    }
    if (replace !== undefined) await this.#choose(found, replace);
    watch.know(credentials);
    watch.add(found, credentials);
    return await this.#advanced(found, credentials, call, engine.clock.now());
  }

  /** The owner's logins that wait for a person, the newest first. */
  async waiting(credentials: AppCredentials, call: CallContext): Promise<readonly StartedLogin[]> {
    const { parts: { records } } = this.#options;
    const owner = await this.#ownerOf(call, credentials);
    return (await records.all())
      .filter((login) => login.owner === owner && login.phase === "waiting" && this.#isOf(login, credentials))
      .toSorted((a, b) => b.startedAtMs - a.startedAtMs)
      .map((login) => startedOf(login, false));
  }

  /** Keeps the login that a refresh token of another tool belongs to. */
  async adopt(credentials: AppCredentials, refreshToken: Secret, call: CallContext): Promise<LoginProgress> {
    const { starts, watch, parts: { engine } } = this.#options;
    const owner = await this.#ownerOf(call, credentials);
    const login = await starts.adopt(owner, credentials, refreshToken);
    watch.know(credentials);
    watch.add(login, credentials);
    const work = this.#options.steps.advance(login.id, credentials, call);
    const { login: advanced, problem } = await withinCallerDeadline(engine.clock, work, call);
    return progressOf(advanced ?? login, engine.clock.now(), problem);
  }

  /** A user token of a grant. */
  async userToken(
    credentials: AppCredentials,
    request: UserTokenRequest,
    call: CallContext,
  ): Promise<KeptUserToken> {
    const owner = await this.#ownerOf(call, credentials);
    this.#options.watch.know(credentials);
    return await this.#options.parts.grantTokens.userToken(owner, credentials, request, call);
  }

  /** The owner's grants. */
  async list(credentials: AppCredentials | null, call: CallContext): Promise<readonly KeptLogin[]> {
    const { kept } = this.#options.parts;
    const owner = await this.#ownerOf(call, credentials);
    const grants = credentials === null ? await kept.ofAllApps(owner) : await kept.of(owner, credentials);
    return await this.#views(grants);
  }

  /** Ends a grant here, then at Feishu where that can harm no other. */
  async logout(
    credentials: AppCredentials,
    user: string | undefined,
    call: CallContext,
  ): Promise<EndedLogin> {
    const { starts, parts: { kept, logins, revocations } } = this.#options;
    const owner = await this.#ownerOf(call, credentials);
    const { ref, entry } = await kept.find(owner, credentials, user);
    const pair = await logins.logout(ref);
    if (pair === null) throw new TokenError("not_logged_in");
    call.log.info("logged out", { user: entry.user });
    await starts.withdraw(owner, credentials, call);
    const upstream = await revocations.revoke({
      credentials,
      user: entry.user,
      token: pair.token,
      log: call.log,
    });
    return { user: userOf(ref.name, pair), upstream };
  }

  /** One round of keep-alive. */
  async keep(credentials: readonly AppCredentials[], call: CallContext): Promise<KeepReport> {
    const { parts: { kept, index, engine }, watch, keepAlive } = this.#options;
    await this.#ownerOf(call, null);
    for (const each of credentials) watch.know(each);
    const { renewed, failed } = await keepAlive.round((grant) => watch.credentialsOf(grant), {
      isUrgentOnly: false,
      signal: engine.stopping,
    });
    const all = (await index.all()).map(({ value }) => value);
    const grantOf = (entry: KeptGrant["entry"]): KeptGrant => ({ entry, ref: kept.refOfEntry(entry) });
    const views = await this.#views(all.map(grantOf));
    const now = engine.clock.now();
    return {
      renewed: await this.#views(renewed.map(grantOf)),
      failed: (await Promise.all(failed.map(async ({ entry, error }) => {
        const [view] = await this.#views([grantOf(entry)]);
        return view === undefined ? [] : [{ problem: error, ...view }];
      }))).flat(),
      withoutSecret: await this.#views(
        all.filter((entry) => watch.credentialsOf(entry) === undefined).map(grantOf),
      ),
      ending: views.filter((login) => isEnding(login, now)),
    };
  }

  async #views(grants: readonly KeptGrant[]): Promise<readonly KeptLogin[]> {
    const { grantTokens } = this.#options.parts;
    const views = await Promise.all(grants.map(async (grant) => {
      return await grantTokens.view(grant).catch((error: unknown) => unreadableView(grant, error));
    }));
    return views.filter((view) => view !== null);
  }

  #isOf(login: LoginRecord, app: AppCredentials): boolean {
    return appName(login, login.at) === appName(app, this.#options.parts.at);
  }

  async #choose({ id }: LoginRecord, replace: boolean): Promise<void> {
    const { records, engine: { clock } } = this.#options.parts;
    await records.change(id, (found) => {
      if (found.phase !== "narrower" || found.narrower === undefined) return found;
      if (replace) return found.replace ? found : { ...found, replace };
      const decideByMs = Math.min(found.narrower.decideByMs, clock.now());
      return { ...found, narrower: { ...found.narrower, decideByMs } };
    });
  }

  async #advanced(
    found: LoginRecord,
    credentials: AppCredentials,
    call: CallContext,
    nowMs: number,
  ): Promise<LoginProgress> {
    const { steps, parts: { engine: { clock }, records } } = this.#options;
    // Without the caller's signal: the steps go on when the caller has gone.
    const { log } = call;
    const work = steps.advance(found.id, credentials, { log });
    const advanced = await within(clock, FINISH_WAIT_MS, work, call.signal);
    if (typeof advanced !== "symbol") {
      return progressOf(advanced.login ?? found, clock.now(), advanced.problem);
    }
    return progressOf((await records.get(found.id)).value ?? found, nowMs);
  }

  /**
   * Whose logins the call may use. A secret that came with the call is proven before anything else: the login that waits
   * is shown to everybody who may start one like it (promise 6).
   *
   * @throws TokenError `logins_unavailable`; Feishu's refusal of the secret.
   */
  async #ownerOf(call: CallContext, credentials: AppCredentials | null): Promise<LoginOwner> {
    const { owner } = call;
    if (owner === undefined) throw new TokenError("logins_unavailable");
    if (owner === "session" || credentials?.isBrought === true) {
      if (credentials === null) throw new TokenError("logins_unavailable");
      await this.#options.parts.engine.appTokens.current(credentials, call);
    }
    return owner;
  }
}

/** What {@linkcode KeptLogins} needs. */
export interface KeptLoginsOptions {
  /** The logins and the grants. */
  readonly parts: LoginParts;
  /** Start logins. */
  readonly starts: LoginStarts;
  /** Advance one login. */
  readonly steps: LoginSteps;
  /** Advances those that this process has started. */
  readonly watch: LoginWatch;
  /** Renews the grants that are due. */
  readonly keepAlive: KeepAlive;
}

/**
 * What is known of a grant that does not open: one damaged record hides no other.
 *
 * @throws every other error.
 */
function unreadableView({ entry }: KeptGrant, error: unknown): KeptLogin {
  if (!(error instanceof TokenError) || error.code !== "store_unreadable") throw error;
  const { brand, appId, user, name, endsAtMs, issuedAtMs = 0 } = entry;
  return {
    brand,
    appId,
    user: { openId: user, ...(name === undefined ? {} : { name }) },
    scope: "",
    accessTokenExpiresAtMs: endsAtMs,
    renewable: false,
    lastRenewedAtMs: issuedAtMs,
    needsLogin: false,
    problem: error,
  };
}

function startedOf(
  { id, verificationUrl, userCode, expiresAtMs, asked }: LoginRecord,
  isNew: boolean,
): StartedLogin {
  return { loginId: id, verificationUrl, userCode, expiresAtMs, scopes: asked, isNew };
}

function isEnding({ loginEndsAtMs = Infinity, needsLogin, renewable }: KeptLogin, nowMs: number): boolean {
  return needsLogin || !renewable || loginEndsAtMs - nowMs < ENDING_MS;
}
