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
import type { LoginOutcome, Logins } from "./logins.ts";

/** Grants of one process: kept from a login on, renewed in place, ended by a logout. */
export class Grants {
  readonly #options: GrantsOptions;
  /** Reads of callers that joined one flight. */
  readonly #reads = new CoalescedReads<RecordView>();

  /** On one store. */
  constructor(options: GrantsOptions) {
    this.#options = options;
  }

  /** The grant of one person for one app. */
  refOf(credentials: AppCredentials, user: string): RecordRef {
    const name: RecordName = { kind: "grant", credentials, user };
    const { brand, recordBrand = brand, appId } = credentials;
    return { name, key: `grant ${JSON.stringify([recordBrand, appId, user])}`, spends: true };
  }

  /** Keeps what a login brought. See {@linkcode Logins.login}. */
  async login(ref: RecordRef, { token, endpoint, auth, began }: FinishedLogin): Promise<LoginOutcome> {
    const { fingerprints, logins } = this.#options;
    const pair = await pairOf({ ref, fingerprints, endpoint }, token);
    return await logins.login(ref, {
      ...pair,
      ...(auth === undefined ? {} : { auth }),
      ...(began === undefined ? {} : { began }),
    });
  }

  /** Ends a grant. See {@linkcode Logins.logout}. */
  async logout(ref: RecordRef): Promise<boolean> {
    return await this.#options.logins.logout(ref);
  }

  /**
   * The pair of a grant, renewed unless the stored one is enough: one flight a grant and process.
   *
   * @throws TokenError `not_logged_in` where there is no grant, or where it was ended meanwhile; why there is no newer pair.
   */
  async renew(ref: RecordRef, call: GrantCall): Promise<Renewed> {
    const { flights } = this.#options;
    for (;;) {
      const isJoined = flights.inProgress(ref.key);
      const renewed = await flights.run(ref.key, () => this.#run(ref, call));
      if (!isJoined) return renewed;
      // The flight that was joined is another caller's: it may have been decided before this call, its pair be superseded
      // since, or be good enough for that caller alone.
      const found = await this.#reads.run(ref.key, () => this.#options.pairs.read(ref));
      const record = tokenIn(found.token.value);
      if (record === null) throw new TokenError("not_logged_in");
      if (record.fp === renewed.record.fp && renewed.asked) return renewed;
      if (!call.isEnough(record)) continue;
      return { record, asked: false, isDurable: found.isDurable, isStored: !found.isUnstored };
    }
  }

  #run(ref: RecordRef, { present, isEnough, patient, log }: GrantCall): Promise<Renewed> {
    const { renewal, fingerprints } = this.#options;
    return renewal.run(
      new GrantStrategy({ ref, present, isEnough, patient, log, fingerprints, endpoint: "v2" }),
    );
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
  /** Of tokens and of the app secret. */
  readonly fingerprints: Fingerprints;
}

/** What a login has brought. */
export interface FinishedLogin {
  /** The pair. */
  readonly token: IssuedToken;
  /** Generation of endpoint that issued it. */
  readonly endpoint: RefreshEndpoint;
  /** What its access token says of the authorization; absent where it says nothing that can be read. */
  readonly auth?: LoginClaims | undefined;
  /** Version that the login's own record had when it was created. */
  readonly began?: string | undefined;
}

/** What a call asks of a grant. */
export interface GrantCall {
  /** How the refresh token is presented. */
  readonly present: PresentRefreshToken;
  /** Whether a stored pair answers the call. */
  readonly isEnough: (record: TokenRecord) => boolean;
  /** Whether somebody waits for the answer. */
  readonly patient: boolean;
  /** Of the call. */
  readonly log: Log;
}
