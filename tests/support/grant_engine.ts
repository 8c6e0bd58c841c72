import type { AppCredentials, IssuedToken } from "../../src/ports/feishu.ts";
import type { SealedValues } from "../../src/ports/sealed_values.ts";
import type { LoginClaims, TokenRecord } from "../../src/ports/store.ts";
import { SingleFlight } from "../../src/concurrency/single_flight.ts";
import { GrantIndex, type IndexedGrant } from "../../src/tokens/grants/grant_index.ts";
import { pairOf, type PresentRefreshToken } from "../../src/tokens/grants/grant_strategy.ts";
import { Grants } from "../../src/tokens/grants/grants.ts";
import { type LoginOutcome, type LoginPair, Logins } from "../../src/tokens/grants/logins.ts";
import { DurablePairs } from "../../src/tokens/renewal/durable_pairs.ts";
import { FailureMarks } from "../../src/tokens/renewal/failure_marks.ts";
import { Leases } from "../../src/tokens/renewal/leases.ts";
import type { RecordRef } from "../../src/tokens/renewal/record_ref.ts";
import { Renewal } from "../../src/tokens/renewal/renewal.ts";
import type { Renewed } from "../../src/tokens/renewal/renewal_strategy.ts";
import type { TokenEngineOptions } from "../../src/tokens/token_engine.ts";

/** What {@linkcode GrantEngine} needs. */
export interface GrantEngineOptions extends
  Pick<
    TokenEngineOptions,
    "store" | "journal" | "fingerprints" | "owner" | "liveness" | "clock" | "random" | "log" | "stopping"
  > {
  readonly credentials: AppCredentials;
  /** The user whose grant it is. */
  readonly user: string;
  /** Where the index of grants is, if there is one. */
  readonly due?: SealedValues<IndexedGrant> | null;
}

/** The claims of a login, and the version that its own record had when it was created. */
export interface LoginOrigin {
  readonly auth?: LoginClaims;
  readonly began?: string;
}

/** The grants of one process, wired as a server's, and one of them. */
export class GrantEngine {
  readonly kept: RecordRef;
  readonly pairs: DurablePairs;
  readonly due: GrantIndex | undefined;
  readonly #options: GrantEngineOptions;
  readonly #flights = new SingleFlight();
  readonly #grants: Grants;

  /** For one process. */
  constructor(options: GrantEngineOptions) {
    this.#options = options;
    const { store, clock, credentials, user, fingerprints } = options;
    const flights = this.#flights;
    const due = options.due === undefined || options.due === null ? undefined : new GrantIndex(options.due);
    this.due = due;
    const carried = due === undefined ? {} : {
      carried: (ref: RecordRef, record: TokenRecord) => due.changed(ref, record),
    };
    this.pairs = new DurablePairs({ ...options, ...carried, flights });
    const leases = new Leases(options);
    const marks = new FailureMarks({ store, clock, leases });
    const { pairs } = this;
    const renewal = new Renewal({ ...options, pairs, leases, marks });
    const logins = new Logins({ pairs, store, clock, index: due });
    this.#grants = new Grants({ pairs, renewal, logins, flights, fingerprints });
    this.kept = this.#grants.refOf(credentials, user);
  }

  /** The user has authorized the app, which brought `token`. */
  async login(token: IssuedToken, origin: LoginOrigin = {}): Promise<LoginOutcome> {
    return await this.#grants.login(this.kept, { token, endpoint: "v2", ...origin });
  }

  /** The user logs out. */
  logout(): Promise<boolean> {
    return this.#grants.logout(this.kept);
  }

  /** Spends the newest refresh token, unless the pair kept is any but that of `unless`. One flight a process. */
  async renew(present: PresentRefreshToken, unless?: string): Promise<Renewed> {
    return await this.#grants.renew(this.kept, {
      present,
      isEnough: ({ token }) => unless !== undefined && token.refreshToken?.reveal() !== unless,
      patient: true,
      log: this.#options.log,
    });
  }

  /** Resolves when nothing runs any more. */
  drain(): Promise<void> {
    return this.#flights.drain();
  }

  /** `token` as a record holds it. */
  async pairOf(token: IssuedToken): Promise<LoginPair> {
    const { fingerprints } = this.#options;
    return await pairOf({ ref: this.kept, fingerprints, endpoint: "v2" }, token);
  }
}
