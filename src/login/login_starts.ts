import { defined } from "../defined.ts";
import { TokenError } from "../errors/token_error.ts";
import type { AppCredentials } from "../ports/feishu.ts";
import type { LoginOwner } from "../ports/login_owner.ts";
import type { KeptLogin, LoginRequest } from "../ports/logins.ts";
import type { CallContext } from "../ports/tokens.ts";
import type { Secret } from "../secret.ts";
import { appName } from "./app_name.ts";
import { chooseScopes } from "./choose_scopes.ts";
import type { LoginParts } from "./login_parts.ts";
import { offeredScopes } from "./offered_scopes.ts";
import type { LoginRecord } from "./login_record.ts";
import { startDevice } from "./start_device.ts";

/** A waiting login with less than this left is not offered again, in milliseconds. */
const LEAST_LEFT_MS = 120_000;
/** How long the refresh token of another tool is tried, in milliseconds. */
const IMPORT_MS = 10 * 60_000;
/** Pause between two attempts to present it, in milliseconds. */
const IMPORT_INTERVAL_MS = 5_000;

/** Starts logins. */
export class LoginStarts {
  readonly #options: LoginStartsOptions;

  /** For one process. */
  constructor(options: LoginStartsOptions) {
    this.#options = options;
  }

  /**
   * Starts a login by the device flow, unless one like it waits. The login is stored before anyone is told its link.
   *
   * @throws TokenError why Feishu has not started it; `store_unavailable`.
   */
  async start(
    owner: LoginOwner,
    credentials: AppCredentials,
    request: LoginRequest,
    call: CallContext,
  ): Promise<{ readonly login: LoginRecord; readonly isNew: boolean }> {
    const { parts, configuredScopes } = this.#options;
    const { records, gates, engine, at } = parts;
    const { user, another = false, replace = false } = request;
    const scopes = await chooseScopes({
      requested: request.scopes,
      configured: configuredScopes,
      kept: another ? undefined : await this.#replaced(owner, credentials, user),
      replace,
      offered: () => offeredScopes(engine, credentials, call),
    });
    const wanted = { owner, asked: scopes, another, replace, ...defined({ expects: user }) };
    const key = `login start ${JSON.stringify([appName(credentials, at), wanted])}`;
    // Two calls at once start one login.
    return await engine.flights.run(key, async () => {
      const like = await this.#like(wanted, credentials);
      if (like !== undefined) {
        // The call that stored it may have failed before this.
        await gates.noteLogin(appName(credentials, at));
        return { login: like, isNew: false };
      }
      const device = await startDevice(engine.feishu, credentials, scopes);
      const login: LoginRecord = {
        ...this.#beginning(credentials),
        ...wanted,
        flow: "device",
        presented: device.deviceCode,
        userCode: device.userCode,
        verificationUrl: device.completeUrl ?? device.verificationUrl,
        expiresAtMs: device.expiresAtMs,
        intervalMs: device.intervalMs,
      };
      await records.create(login);
      await gates.noteLogin(appName(credentials, at));
      call.log.info("login started", { flow: "device", scopes: scopes.length });
      return { login, isNew: true };
    });
  }

  /**
   * Begins to take over a login of another tool, unless that has been done before: the refresh token brings one pair,
   * which one login alone may place. It is stored before it is presented.
   *
   * @throws TokenError `store_unavailable`.
   */
  async adopt(owner: LoginOwner, credentials: AppCredentials, refreshToken: Secret): Promise<LoginRecord> {
    const { records, gates, at, engine } = this.#options.parts;
    const app = appName(credentials, at);
    const presented = refreshToken.reveal();
    const key = `login import ${JSON.stringify([app, owner, presented])}`;
    return await engine.flights.run(key, async () => {
      const like = (await records.all()).find((login) =>
        login.flow === "import" && login.phase !== "failed" && appName(login, login.at) === app &&
        login.owner === owner && login.presented.reveal() === presented
      );
      if (like !== undefined) return like;
      const login: LoginRecord = {
        ...this.#beginning(credentials),
        flow: "import",
        owner,
        asked: [],
        another: true,
        replace: false,
        presented: refreshToken,
        userCode: "",
        verificationUrl: "",
        expiresAtMs: engine.clock.now() + IMPORT_MS,
        intervalMs: IMPORT_INTERVAL_MS,
      };
      await records.create(login);
      await gates.noteLogin(app);
      return login;
    });
  }

  /**
   * Has no later call offer the links of logins that wait now: who has logged out since would agree in vain. They still
   * work for other people. A store that is away changes nothing.
   */
  async withdraw(owner: LoginOwner, credentials: AppCredentials, { log }: CallContext): Promise<void> {
    const { records } = this.#options.parts;
    try {
      for (const login of await this.#waiting(owner, credentials)) {
        await records.change(login.id, (found) => isOffered(found) ? { ...found, isWithdrawn: true } : found);
      }
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      log.debug("waiting logins not withdrawn", { error_code: error.code });
    }
  }

  #beginning(
    { brand, recordBrand, appId }: AppCredentials,
  ): Pick<
    LoginRecord,
    "id" | "brand" | "appId" | "startedAtMs" | "changedAtMs" | "poller" | "phase" | "isCleared"
  > {
    const { records, at, engine: { clock, owner: { machine, process } } } = this.#options.parts;
    const now = clock.now();
    return {
      id: records.newId(),
      brand,
      appId,
      startedAtMs: now,
      changedAtMs: now,
      poller: { machine, process },
      phase: "waiting",
      isCleared: false,
      ...defined({ recordBrand, at }),
    };
  }

  /** The login that the new one would replace: of the expected person, else the only one. */
  async #replaced(
    owner: LoginOwner,
    credentials: AppCredentials,
    user: string | undefined,
  ): Promise<KeptLogin | undefined> {
    const { kept, grantTokens } = this.#options.parts;
    const all = await kept.of(owner, credentials);
    const [only, second] = user === undefined ? all : all.filter(({ entry }) => entry.user === user);
    if (only === undefined || second !== undefined) return undefined;
    return await grantTokens.view(only) ?? undefined;
  }

  async #like(
    wanted: Pick<LoginRecord, "owner" | "asked" | "another" | "replace" | "expects">,
    credentials: AppCredentials,
  ): Promise<LoginRecord | undefined> {
    const now = this.#options.parts.engine.clock.now();
    return (await this.#waiting(wanted.owner, credentials)).find((login) =>
      login.expects === wanted.expects &&
      login.another === wanted.another && login.replace === wanted.replace &&
      login.asked.join(" ") === wanted.asked.join(" ") &&
      login.expiresAtMs - now >= LEAST_LEFT_MS
    );
  }

  /** The logins whose links may be given to another caller. */
  async #waiting(owner: LoginOwner, credentials: AppCredentials): Promise<readonly LoginRecord[]> {
    const { records, at } = this.#options.parts;
    const app = appName(credentials, at);
    return (await records.all()).filter((login) =>
      isOffered(login) && login.owner === owner && appName(login, login.at) === app
    );
  }
}

function isOffered({ flow, phase, isWithdrawn = false }: LoginRecord): boolean {
  return flow === "device" && phase === "waiting" && !isWithdrawn;
}

/** What {@linkcode LoginStarts} needs. */
export interface LoginStartsOptions {
  /** The logins and the grants. */
  readonly parts: LoginParts;
  /** `FEISHU_TOKEN_SCOPES`; may be empty. */
  readonly configuredScopes: readonly string[];
}
