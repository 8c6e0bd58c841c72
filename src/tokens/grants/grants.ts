import { defined } from "../../defined.ts";
import type { Secret } from "../../secret.ts";
import { CoalescedReads } from "../../concurrency/coalesced_reads.ts";
import type { SingleFlight } from "../../concurrency/single_flight.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { AppCredentials, IssuedToken, RefreshEndpoint } from "../../ports/feishu.ts";
import type { Log } from "../../ports/log.ts";
import { tokenIn } from "../../ports/record_order.ts";
import type { Fingerprints, LoginClaims, RecordName, TokenRecord } from "../../ports/store.ts";
import type { DurablePairs, RecordView } from "../renewal/durable_pairs.ts";
import type { RecordRef } from "../renewal/record_ref.ts";
import type { Renewal } from "../renewal/renewal.ts";
import type { Renewed } from "../renewal/renewal_strategy.ts";
import { GrantStrategy, pairOf, type PresentRefreshToken } from "./grant_strategy.ts";
import type { LoginOutcome, LoginPlace, Logins } from "./logins.ts";

/**
 * The grants of one store, for one process. A grant begins with a login, is renewed in place, and ends with a logout.
 */
export class Grants {
  readonly #options: GrantsOptions;
  /** Reads of callers that joined one flight. */
  readonly #reads = new CoalescedReads<RecordView>();

  /** On one store. */
  constructor(options: GrantsOptions) {
    this.#options = options;
  }

  /** The grant of one person for one app. `owner` and `at` as in {@linkcode RecordName}. */
  refOf(credentials: AppCredentials, user: string, { owner, at }: GrantPlace = {}): RecordRef {
    const name: RecordName = { kind: "grant", credentials, user, ...defined({ owner, at }) };
    const { brand, recordBrand = brand, appId } = credentials;
    return { name, key: `grant ${JSON.stringify([recordBrand, appId, user, owner, at])}`, spends: true };
  }

  /** Keeps what a login brought. See {@linkcode Logins.login}. */
  async login(
    ref: RecordRef,
    { token, endpoint, auth, who, began, place }: FinishedLogin,
  ): Promise<LoginOutcome> {
    const { fingerprints, logins } = this.#options;
    const pair = await pairOf({ ref, fingerprints, endpoint }, token);
    return await logins.login(ref, { ...pair, ...defined({ auth, who, began }) }, place);
  }

  /** Ends a grant. See {@linkcode Logins.logout}. */
  async logout(ref: RecordRef): Promise<boolean> {
    return await this.#options.logins.logout(ref);
  }

  /**
   * The pair of a grant, after a renewal unless the stored pair is enough. A process has one flight a grant.
   *
   * @throws TokenError `not_logged_in` where there is no grant, or a logout has ended it meanwhile; else why there is
   * no newer pair.
   */
  async renew(ref: RecordRef, call: GrantCall): Promise<Renewed> {
    const { flights } = this.#options;
    for (;;) {
      const isJoined = flights.inProgress(ref.key);
      const renewed = await flights.run(ref.key, () => this.#run(ref, call));
      if (!isJoined) return renewed;
      // The flight was another caller's. It may have read the record before this call, its pair may be superseded by
      // now, or be good enough for that caller alone: read the record.
      const found = await this.#reads.run(ref.key, () => this.#options.pairs.read(ref));
      const record = tokenIn(found.token.value);
      if (record === null) throw new TokenError("not_logged_in");
      if (record.fp === renewed.record.fp && renewed.asked) return renewed;
      if (!call.isEnough(record)) continue;
      return { record, asked: false, isDurable: found.isDurable, isStored: !found.isUnstored };
    }
  }

  #run(ref: RecordRef, call: GrantCall): Promise<Renewed> {
    const { renewal, fingerprints } = this.#options;
    return renewal.run(new GrantStrategy({ ...call, ref, fingerprints }));
  }
}

/** What {@linkcode Grants} needs. */
export interface GrantsOptions {
  /** Makes pairs durable. */
  readonly pairs: DurablePairs;
  /** The renewal protocol. */
  readonly renewal: Renewal;
  /** How a grant begins and ends. */
  readonly logins: Logins;
  /** One flight a grant. */
  readonly flights: SingleFlight;
  /** Fingerprints of tokens and of the app secret. */
  readonly fingerprints: Fingerprints;
}

/** The result of a login at Feishu. */
export interface FinishedLogin {
  /** The pair. */
  readonly token: IssuedToken;
  /** Generation of endpoint that issued it. */
  readonly endpoint: RefreshEndpoint;
  /** Claims of its access token about the authorization; absent where the token has none that can be read. */
  readonly auth?: LoginClaims | undefined;
  /** Version of the login's own record (kind `login`) when it was created: tells whether a logout came later. */
  readonly began?: string | undefined;
  /** Who has logged in, besides the `open_id`. */
  readonly who?: TokenRecord["who"] | undefined;
  /** The place in the order of records that the login's own record already has; absent for one with claims. */
  readonly place?: LoginPlace | undefined;
}

/** Whose grant it is and at which Feishu, as in {@linkcode RecordName}. */
export type GrantPlace = Pick<RecordName, "owner" | "at">;

/** What a call asks of a grant. */
export interface GrantCall {
  /** How the refresh token is presented. */
  readonly present: PresentRefreshToken;
  /** Whether a stored pair answers the call. */
  readonly isEnough: (record: TokenRecord) => boolean;
  /** Whether a caller waits for the answer. */
  readonly patient: boolean;
  /** Gets the app token that the older endpoints need. */
  readonly appToken?: (() => Promise<Secret>) | undefined;
  /** Log of the call. */
  readonly log: Log;
}
