import { TokenError } from "../../errors/token_error.ts";
import { LruMap } from "../../concurrency/lru_map.ts";
import type { Clock } from "../../ports/clock.ts";
import type { AppCredentials } from "../../ports/feishu.ts";
import type { Log } from "../../ports/log.ts";
import type { Random } from "../../ports/random.ts";
import type { ListedValue } from "../../ports/sealed_values.ts";
import { tokenIn } from "../../ports/record_order.ts";
import type { TokenRecord } from "../../ports/store.ts";
import type { DurablePairs } from "../renewal/durable_pairs.ts";
import {
  dueAtMsOf,
  type GrantIndex,
  type IndexedGrant,
  isDueAt,
  isIssuedAhead,
  issuedAtMsOf,
} from "./grant_index.ts";
import type { GrantTokens } from "./grant_tokens.ts";
import { markOf, refreshEndsAtMs } from "./grant_view.ts";
import type { KeptGrants } from "./kept_grants.ts";
import { type RenewalSlots, SLOTS_AT_A_TIME } from "./renewal_slots.ts";

/**
 * The most grants that a process draws its next batch from. They end within six hours of the soonest; among them the
 * order is random, since processes that look at the same moment would otherwise all reserve slots for the same grants.
 */
const DRAWN_FROM = 4 * SLOTS_AT_A_TIME;
const DRAWN_WITHIN_MS = 6 * 60 * 60 * 1_000;
/**
 * A grant that has been due for longer than this, in milliseconds, is presented again although it is not known what became
 * of its last presentation: a process that has the answer would have stored it by now.
 */
const OVERDUE_MS = 60 * 60 * 1_000;
/**
 * After a failure that a person has to fix, such as a wrong secret, this process asks again after this, in milliseconds.
 * Such a failure leaves nothing in the store that would hold a renewal off.
 */
const CONFIG_PAUSE_MS = 60 * 60 * 1_000;
/** A grant that was renewed only because of a clock that was ahead is left alone for this, in milliseconds. */
const DOUBT_PAUSE_MS = 24 * 60 * 60 * 1_000;
const REMEMBERED_PAUSES = 10_000;
/** With less than this left a grant is renewed also by a process that may end in a moment. */
export const URGENT_MS: number = 24 * 60 * 60 * 1_000;

/**
 * Renews the grants that are due although nobody asks for their tokens (promise 9). Each renewal is an ordinary one,
 * with an ordinary claim, so that any number of processes may do this at once.
 */
export class KeepAlive {
  readonly #options: KeepAliveOptions;
  /** By name of the entry, until when it is left alone, by the monotonic clock in milliseconds. */
  readonly #pausedUntilMs = new LruMap<number>(REMEMBERED_PAUSES);

  /** For one process. */
  constructor(options: KeepAliveOptions) {
    this.#options = options;
  }

  /**
   * Renews what is due of the apps whose secret is at hand, at the pace that all processes share.
   *
   * @param credentialsOf the credentials of the app of an entry; `undefined` where this process does not have its
   * secret.
   * @returns the entries of the grants that were due, by outcome.
   * @throws TokenError `store_unavailable`; the reason of `signal` once that is aborted.
   */
  async round(credentialsOf: CredentialsOf, { isUrgentOnly, signal }: RoundOptions): Promise<RoundOutcome> {
    const { index, kept, clock } = this.#options;
    // Finds what the store has lost: nobody else may ever ask for it.
    await kept.all();
    const outcome: RoundOutcome = { renewed: [], failed: [] };
    const tried = new Set<string>();
    for (;;) {
      signal?.throwIfAborted();
      const now = clock.now();
      const due = (await index.due(now)).flatMap((listed) => {
        const credentials = credentialsOf(listed.value);
        const isWanted = !isUrgentOnly || listed.value.endsAtMs - now < URGENT_MS;
        const isPaused = clock.monotonic() < (this.#pausedUntilMs.get(listed.name) ?? -Infinity);
        return credentials === undefined || !isWanted || isPaused || tried.has(listed.name)
          ? []
          : [{ listed, credentials }];
      });
      if (due.length === 0) return outcome;
      for (const batch of byApp(this.#draw(due))) {
        for (const { listed } of batch) tried.add(listed.name);
        await this.#renewBatch(batch, outcome, signal);
      }
    }
  }

  /** A few of those that end soonest. */
  #draw(due: readonly DueGrant[]): readonly DueGrant[] {
    const { random } = this.#options;
    const untilMs = (due[0]?.listed.value.endsAtMs ?? 0) + DRAWN_WITHIN_MS;
    const soonest = due.slice(0, DRAWN_FROM).filter(({ listed }) => listed.value.endsAtMs <= untilMs)
      .map((each) => ({ each, place: random.fraction() }));
    return soonest.toSorted((a, b) => a.place - b.place).slice(0, SLOTS_AT_A_TIME).map(({ each }) => each);
  }

  async #renewBatch(
    batch: readonly DueGrant[],
    outcome: RoundOutcome,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { slots, clock } = this.#options;
    const stillDue: DueGrant[] = [];
    for (const each of batch) {
      const isDue = await this.#isStillDue(each).catch((error: unknown) => {
        // One record that does not open must not keep the others from being renewed.
        if (!(error instanceof TokenError) || error.code !== "store_unreadable") throw error;
        this.#failed(each, error, outcome);
        return false;
      });
      if (isDue) stillDue.push(each);
    }
    const [first] = stillDue;
    if (first === undefined) return;
    const times = await slots.reserve(appOf(first.listed.value), stillDue.length);
    if (times === null) return;
    await Promise.all(stillDue.map(async (grant, place) => {
      await clock.sleep(Math.max(0, (times[place] ?? 0) - clock.now()), signal);
      await this.#renew(grant, outcome).catch((error: unknown) => {
        if (!(error instanceof TokenError)) throw error;
        this.#failed(grant, error, outcome);
      });
    }));
  }

  #failed({ listed: { name, value } }: DueGrant, error: TokenError, outcome: RoundOutcome): void {
    const { clock, log } = this.#options;
    if (error.row.kind === "config") this.#pausedUntilMs.set(name, clock.monotonic() + CONFIG_PAUSE_MS);
    outcome.failed.push({ entry: value, error });
    log.warn("login not renewed", { error_code: error.code, feishu_code: error.detail.feishuCode });
  }

  /** Reads the record, since the entry is a hint, and corrects the entry where the record is not due. */
  async #isStillDue({ listed, credentials }: DueGrant): Promise<boolean> {
    const { index, kept, pairs, clock } = this.#options;
    const ref = kept.refOf(listed.value, credentials);
    const { token, status } = await pairs.read(ref);
    const record = tokenIn(token.value);
    if (record === null) {
      if (token.value !== null) await index.drop(listed);
      return false;
    }
    const now = clock.now();
    const isMarked = markOf(record, status.value) !== null;
    if (!isMarked && refreshEndsAtMs(record) > now && isDue(record, now)) return true;
    // That a token has ended is told by a clock alone, which may be wrong: the entry stays as it is, and is met again.
    if (isMarked || listed.value.dueAtMs !== dueAtMsOf(record)) {
      await index.correct(listed, ref, record, isMarked);
    }
    return false;
  }

  async #renew({ listed, credentials }: DueGrant, outcome: RoundOutcome): Promise<void> {
    const { kept, tokens, clock, log } = this.#options;
    const ref = kept.refOf(listed.value, credentials);
    const isEnough = (record: TokenRecord): boolean => !isDue(record, clock.now());
    // A renewal that is not patient takes nothing over, and nobody else may ever ask for this grant.
    const isPatient = clock.now() - (listed.value.dueAtMs ?? Infinity) > OVERDUE_MS;
    try {
      const { asked } = await tokens.renew(ref, credentials, { log }, isEnough, isPatient);
      if (asked) outcome.renewed.push(listed.value);
      // Two processes whose clocks are that far apart would otherwise renew it in turns.
      if (asked && isIssuedAhead(clock.now(), listed.value.issuedAtMs)) {
        this.#pausedUntilMs.set(listed.name, clock.monotonic() + DOUBT_PAUSE_MS);
      }
    } catch (error) {
      // Another process is at it, or the person has just logged out.
      const isNothing = error instanceof TokenError &&
        (error.code === "renewal_in_progress" || error.code === "not_logged_in");
      if (!isNothing) throw error;
    }
  }
}

/** What {@linkcode KeepAlive} needs. */
export interface KeepAliveOptions {
  /** Tells which grants are due. */
  readonly index: GrantIndex;
  /** Names their records. */
  readonly kept: KeptGrants;
  /** Renews them. */
  readonly tokens: GrantTokens;
  /** Reads them. */
  readonly pairs: DurablePairs;
  /** The pace. */
  readonly slots: RenewalSlots;
  /** Tells the time and bounds the waits. */
  readonly clock: Clock;
  /** Mixes the order. */
  readonly random: Random;
  /** One line an event. */
  readonly log: Log;
}

/** Finds the credentials of an entry's app; `undefined` where this process does not have its secret. */
export type CredentialsOf = (entry: IndexedGrant) => AppCredentials | undefined;

/** How {@linkcode KeepAlive.round} works. */
export interface RoundOptions {
  /** Whether only grants with less than a day left are renewed. */
  readonly isUrgentOnly: boolean;
  /** Aborted when the process is about to end. */
  readonly signal?: AbortSignal | undefined;
}

/** What a round has done. */
export interface RoundOutcome {
  /** Grants that this process has renewed. */
  readonly renewed: IndexedGrant[];
  /** Grants whose renewal has failed. */
  readonly failed: FailedGrant[];
}

/** A grant that was due and was not renewed. */
export interface FailedGrant {
  /** Its entry in the index. */
  readonly entry: IndexedGrant;
  /** Why. */
  readonly error: TokenError;
}

interface DueGrant {
  readonly listed: ListedValue<IndexedGrant>;
  readonly credentials: AppCredentials;
}

function isDue(record: TokenRecord, nowMs: number): boolean {
  return isDueAt(nowMs, { dueAtMs: dueAtMsOf(record), issuedAtMs: issuedAtMsOf(record) });
}

/** Names the app whose pace a renewal counts for. */
function appOf({ brand, appId, at }: IndexedGrant): string {
  return JSON.stringify([brand, appId, at]);
}

function byApp(due: readonly DueGrant[]): readonly (readonly DueGrant[])[] {
  return [...Map.groupBy(due, ({ listed }) => appOf(listed.value)).values()];
}
