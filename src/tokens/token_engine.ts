import { defined } from "../defined.ts";
import type { Clock } from "../ports/clock.ts";
import type { ApiRefusals, FeishuPort, RefreshEndpoint } from "../ports/feishu.ts";
import type { Liveness } from "../ports/liveness.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import type { Fingerprints, Journal, RecordStore } from "../ports/store.ts";
import { SingleFlight } from "../concurrency/single_flight.ts";
import { AppTokens } from "./app/app_tokens.ts";
import { TenantTokens } from "./app/tenant_tokens.ts";
import { UnprovenSecrets } from "./app/unproven_secrets.ts";
import type { GrantIndex } from "./grants/grant_index.ts";
import { DurablePairs, type DurablePairsOptions } from "./renewal/durable_pairs.ts";
import { FailureMarks } from "./renewal/failure_marks.ts";
import { type LeaseOwner, Leases } from "./renewal/leases.ts";
import { assertLimits } from "./renewal/limits.ts";
import { Renewal } from "./renewal/renewal.ts";
import { RefreshEndpoints } from "./user/refresh_endpoints.ts";

/** Connects the parts that every kind of token needs. One a process. */
export function createTokenEngine(options: TokenEngineOptions): TokenEngine {
  assertLimits();
  const { store, journal, fingerprints, feishu, owner, liveness, clock, random, log, stopping, index } =
    options;
  const flights = new SingleFlight();
  const carried: DurablePairsOptions["carried"] = index && ((ref, record) => index.changed(ref, record));
  const pairs = new DurablePairs({
    ...{ store, journal, clock, random, log, flights, stopping },
    ...defined({ ended: options.ended, carried }),
  });
  const leases = new Leases({ store, clock, random, owner, liveness });
  const marks = new FailureMarks({ store, clock, leases });
  const { pausePatienceMs } = options;
  const renewal = new Renewal({ pairs, leases, marks, clock, random, stopping, pausePatienceMs });
  const unproven = new UnprovenSecrets(clock, stopping);
  const ofApps = { renewal, store, feishu, fingerprints, flights, unproven, clock, random };
  const appTokens = new AppTokens({ ...ofApps, kind: "app" });
  const tenantTokens = new TenantTokens(ofApps, appTokens);
  const endpoints = new RefreshEndpoints(options.refreshEndpoint);
  return { ...options, flights, pairs, renewal, unproven, appTokens, tenantTokens, endpoints };
}

/** The parts that every kind of token needs, and what they were made of. */
export interface TokenEngine extends TokenEngineOptions {
  /** Everything that runs detached from its callers. */
  readonly flights: SingleFlight;
  /** Makes pairs durable. */
  readonly pairs: DurablePairs;
  /** The renewal protocol. */
  readonly renewal: Renewal;
  /** Queues secrets that may be made up. */
  readonly unproven: UnprovenSecrets;
  /** The apps' own tokens. */
  readonly appTokens: AppTokens;
  /** The tenants' tokens. */
  readonly tenantTokens: TenantTokens;
  /** Chooses the endpoint of a refresh token. */
  readonly endpoints: RefreshEndpoints;
}

/** What {@linkcode createTokenEngine} needs. */
export interface TokenEngineOptions {
  /** Where the records are. */
  readonly store: RecordStore;
  /** Holds issued pairs until the store has them; `null` where there is no durable disk. */
  readonly journal: Journal | null;
  /** Compares tokens and secrets without showing them. */
  readonly fingerprints: Fingerprints;
  /** Feishu's token endpoints. */
  readonly feishu: FeishuPort;
  /** Finds the codes of Feishu's APIs that say nothing against a token. */
  readonly findApiRefusal: ApiRefusals;
  /** This process. */
  readonly owner: LeaseOwner;
  /** Tells which other processes of this machine live. */
  readonly liveness: Liveness;
  /** Tells the time and bounds the waits. */
  readonly clock: Clock;
  /** Nonces and jitter. */
  readonly random: Random;
  /** One line an event. */
  readonly log: Log;
  /** `FEISHU_REFRESH_ENDPOINT`. */
  readonly refreshEndpoint?: RefreshEndpoint | undefined;
  /**
   * Longest total wait of one call for cool-downs that other calls have started, in milliseconds. Without it a call waits
   * only for a cool-down that is nearly over.
   */
  readonly pausePatienceMs?: number | undefined;
  /** Aborted when the process is about to end. Ends waits, and retries of commits whose pair is in the journal. */
  readonly stopping: AbortSignal;
  /** Aborted at the very end: ends all retries. Without it `stopping` is the end. */
  readonly ended?: AbortSignal;
  /** Which grants the store has; absent where it can keep none. */
  readonly index?: GrantIndex | undefined;
}
