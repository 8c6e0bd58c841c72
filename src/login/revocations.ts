import { errorClass } from "../errors/error_class.ts";
import type { AppCredentials, FeishuPort, IssuedToken, RevokeAnswer } from "../ports/feishu.ts";
import type { Log } from "../ports/log.ts";
import type { UpstreamRevocation } from "../ports/logins.ts";
import type { Clock } from "../ports/clock.ts";
import type { Secret } from "../secret.ts";
import type { GrantIndex } from "../tokens/grants/grant_index.ts";
import { appName } from "./app_name.ts";
import type { AppGates } from "./app_gates.ts";
import { isOpen } from "./is_open.ts";
import type { LoginRecords } from "./login_records.ts";

/** Within the life of a gate. The caller that logs out waits for it. */
const REVOKE_TIMEOUT_MS = 10_000;

/**
 * Revokes tokens at Feishu where that can end no login that is kept. It is not known whether a revocation ends the
 * token that is presented, every token of that authorization, or every token of the person for the app: so nothing is
 * revoked while the person has another grant of the app, or while a login of the app is open.
 */
export class Revocations {
  readonly #options: RevocationsOptions;

  /** On one store. */
  constructor(options: RevocationsOptions) {
    this.#options = options;
  }

  /** Revokes the newest pair of a login that has ended, once. Never throws. */
  async revoke({ credentials, user, token, except, log }: EndedPair): Promise<UpstreamRevocation> {
    const { gates, at } = this.#options;
    const app = appName(credentials, at);
    try {
      const mayClose = (): Promise<boolean> => this.#isAlone(app, user, except);
      const answer = await gates.whileClosed(app, mayClose, () => this.#send(credentials, token));
      return answer === null ? "not_sent" : outcomeOf(answer);
    } catch (error) {
      log.warn("token not revoked at Feishu", { error: errorClass(error) });
      return "not_sent";
    }
  }

  async #isAlone(app: string, user: string, except: Secret | undefined): Promise<boolean> {
    const { records, index, clock } = this.#options;
    const logins = (await records.all()).filter((login) => appName(login, login.at) === app);
    const others = logins.filter((login) => login.id.reveal() !== except?.reveal());
    if (others.some((login) => isOpen(login, clock.now()))) return false;
    const grants = (await index.all()).map(({ value }) => value);
    return !grants.some((grant) => grant.user === user && appName(grant, grant.at) === app);
  }

  async #send(
    credentials: AppCredentials,
    { refreshToken, accessToken }: IssuedToken,
  ): Promise<RevokeAnswer> {
    return await this.#options.feishu.revoke({
      credentials,
      ...(refreshToken === undefined
        ? { token: accessToken, tokenType: "access_token" }
        : { token: refreshToken, tokenType: "refresh_token" }),
      timeoutMs: REVOKE_TIMEOUT_MS,
    });
  }
}

/** What {@linkcode Revocations} needs. */
export interface RevocationsOptions {
  /** Which logins are open. */
  readonly records: LoginRecords;
  /** Which grants are kept. */
  readonly index: GrantIndex;
  /** Keep revocations and logins apart. */
  readonly gates: AppGates;
  /** Revokes. */
  readonly feishu: FeishuPort;
  /** Tells which logins are over. */
  readonly clock: Clock;
  /** The address of Feishu's API, where it is not the brand's own. */
  readonly at: string | undefined;
}

/** A pair whose login has ended here. */
export interface EndedPair {
  /** The app. */
  readonly credentials: AppCredentials;
  /** The person's `open_id`. */
  readonly user: string;
  /** The newest pair. */
  readonly token: IssuedToken;
  /** Handle of the login that is being ended itself. */
  readonly except?: Secret;
  /** One line an event. */
  readonly log: Log;
}

/** What an answer says. Of a token that had ended before, nothing is left to revoke. */
function outcomeOf(answer: RevokeAnswer): UpstreamRevocation {
  switch (answer.kind) {
    case "revoked":
      return "revoked";
    case "refused":
      return answer.refusal.verdict === "ambiguous" || answer.refusal.verdict === "permanent"
        ? "revoked"
        : "refused";
    case "unreadable":
      return "unknown";
    case "unanswered":
      return answer.sent ? "unknown" : "not_sent";
  }
}
