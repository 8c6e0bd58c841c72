import type { FeishuAnswer, IssuedToken } from "../../src/ports/feishu.ts";
import type { Snapshot, TokenRecord } from "../../src/ports/store.ts";
import { Secret } from "../../src/secret.ts";
import type { DurablePairs } from "../../src/tokens/renewal/durable_pairs.ts";
import type { RecordRef } from "../../src/tokens/renewal/record_ref.ts";
import type { Renewed } from "../../src/tokens/renewal/renewal_strategy.ts";
import type { PairPlace } from "../../src/tokens/renewal/durable_pairs.ts";
import { INDEX_VALUES, type IndexedGrant } from "../../src/tokens/grants/grant_index.ts";
import { GrantEngine, type LoginOrigin } from "./grant_engine.ts";
import { REAL_RANDOM, type StartOptions, type TokenProcess, type TokenWorld } from "./token_world.ts";

/** What the simulated Feishu does with a refresh token. */
export type AnswerTo = (refreshToken: string) => FeishuAnswer | Promise<FeishuAnswer>;

/** The engine of one process, on a record that rotates in place: a user's authorization that the server keeps. */
export interface GrantProcess extends TokenProcess {
  readonly kept: RecordRef;
  readonly pairs: DurablePairs;
  /** The refresh tokens presented by this process, in order. */
  readonly presented: string[];
  /** A user authorizes the app, which brings the pair `name`. */
  login(name: string, origin?: LoginOrigin): Promise<TokenRecord>;
  /** Where a login's pair ends up. */
  loginPlace(name: string, origin?: LoginOrigin): Promise<PairPlace>;
  /** The grants that are due by then, Unix milliseconds. */
  due(atMs: number): Promise<IndexedGrant[]>;
  logout(): Promise<boolean>;
  /** Spends the newest refresh token, unless the pair kept is any but `unless`. */
  renew(answer: AnswerTo, unless?: string): Promise<Renewed>;
  /** What the store holds. */
  stored(): Promise<Snapshot>;
  /** A record of this process's app, in the order given. */
  record(name: string, order: { login: number; gen: number }): Promise<TokenRecord>;
}

/** A pair as Feishu issues it; its refresh token is `name`, so that tests read well. */
export function issued(name: string): IssuedToken {
  return {
    accessToken: new Secret(`access-of-${name}`),
    expiresAtMs: Date.UTC(2100, 0, 1),
    lifetimeMs: 7_200_000,
    refreshToken: new Secret(name),
    refreshExpiresAtMs: Date.UTC(2100, 0, 7),
  };
}

/** An answer with the pair `name`. */
export function answers(name: string): FeishuAnswer {
  return { kind: "issued", token: issued(name) };
}

/** Feishu's word that a refresh token is spent. */
export const SPENT: FeishuAnswer = {
  kind: "refused",
  refusal: {
    verdict: "ambiguous",
    mayHaveConsumed: false,
    errorCode: "refresh_token_spent",
    feishuCode: 20064,
    httpStatus: 400,
  },
};

/** Feishu asks for a minute's patience, and has not touched the token. */
export const TOO_MANY: FeishuAnswer = {
  kind: "refused",
  refusal: {
    verdict: "transient",
    mayHaveConsumed: false,
    errorCode: "rate_limited",
    feishuCode: 99991400,
    httpStatus: 429,
    retryAfterMs: 60_000,
  },
};

/** Starts a process on the store of `world`. */
export async function startGrantProcess(
  world: TokenWorld,
  options: StartOptions = {},
): Promise<GrantProcess> {
  const process = await world.start(options);
  const { records: store, journal, fingerprints, liveness } = process.store;
  const { credentials, log } = world;
  const engine = new GrantEngine({
    store,
    journal: options.withoutJournal === true ? null : journal,
    fingerprints,
    owner: process.store,
    liveness,
    clock: options.clock ?? world.clock,
    random: REAL_RANDOM,
    log,
    stopping: process.stopping,
    credentials,
    user: "ou_user",
    due: process.store.sealedValues(INDEX_VALUES),
  });
  world.alsoDrain(() => engine.drain());
  const { kept, pairs } = engine;
  const presented: string[] = [];
  return {
    ...process,
    kept,
    pairs,
    presented,
    login: async (token, origin) => (await engine.login(issued(token), origin)).record,
    loginPlace: async (token, origin) => (await engine.login(issued(token), origin)).place,
    due: async (atMs) => (await engine.due?.due(atMs))?.map(({ value }) => value) ?? [],
    logout: () => engine.logout(),
    renew(answer, unless): Promise<Renewed> {
      const present = async (refreshToken: Secret): Promise<FeishuAnswer> => {
        const token = refreshToken.reveal();
        presented.push(token);
        return await answer(token);
      };
      return engine.renew(present, unless);
    },
    stored: () => store.read(kept.name),
    record: async (token, order) => ({ ...order, ...await engine.pairOf(issued(token)) }),
  };
}
