import type { FeishuAnswer, IssuedToken } from "../../src/ports/feishu.ts";
import type { RecordName, Snapshot, TokenRecord } from "../../src/ports/store.ts";
import { Secret } from "../../src/secret.ts";
import { SPENDING_LIMITS } from "../../src/tokens/constants.ts";
import { Flights } from "../../src/tokens/flights.ts";
import { Keeper } from "../../src/tokens/keeper.ts";
import type { KeptName } from "../../src/tokens/kept_name.ts";
import { Leases } from "../../src/tokens/leases.ts";
import { Logins } from "../../src/tokens/logins.ts";
import { Renewal } from "../../src/tokens/renewal.ts";
import type { RenewalJob, Renewed } from "../../src/tokens/renewal_job.ts";
import { Verdicts } from "../../src/tokens/verdicts.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { REAL_RANDOM, type StartOptions, type TokenProcess, type TokenWorld } from "./token_world.ts";

/** What the simulated Feishu does with a refresh token. */
export type AnswerTo = (refreshToken: string) => FeishuAnswer | Promise<FeishuAnswer>;

/** The engine of one process, on a record that rotates in place: a user's authorization that the server keeps. */
export interface GrantProcess extends TokenProcess {
  readonly kept: KeptName;
  readonly keeper: Keeper;
  /** The refresh tokens presented by this process, in order. */
  readonly presented: string[];
  /** A user authorizes the app, which brings the pair `name`. */
  login(name: string): Promise<TokenRecord>;
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
  const clock: Clock = options.clock ?? world.clock;
  const { credentials, log } = world;
  const shared = { store, clock, random: REAL_RANDOM, log, stopping: process.stopping };
  const flights = new Flights();
  const keeper = new Keeper({ ...shared, journal, flights });
  const leases = new Leases({ ...shared, owner: process.store, liveness });
  const renewal = new Renewal({ ...shared, keeper, leases, verdicts: new Verdicts({ ...shared, leases }) });
  const logins = new Logins({ keeper, store, clock });
  const name: RecordName = { kind: "grant", credentials, user: "ou_user" };
  const kept = { name, key: "grant ou_user", spends: true };
  const presented: string[] = [];
  const secretFp = await fingerprints.ofAppSecret(credentials);
  const pairOf = async (token: IssuedToken): Promise<Omit<TokenRecord, "login" | "gen">> => ({
    fp: await fingerprints.ofToken(credentials, token.refreshToken ?? token.accessToken),
    secretFp,
    token,
    endpoint: "v2",
  });

  return {
    ...process,
    kept,
    keeper,
    presented,
    async login(token): Promise<TokenRecord> {
      return (await logins.login(kept, await pairOf(issued(token)))).record;
    },
    logout: () => logins.logout(kept),
    renew(answer, unless): Promise<Renewed> {
      let current: TokenRecord | null = null;
      const job: RenewalJob = {
        ...kept,
        limits: SPENDING_LIMITS,
        patient: true,
        log,
        isDone: (token) =>
          token !== null && unless !== undefined && token.token.refreshToken?.reveal() !== unless,
        subject: (token) => {
          if (token === null) throw new Error("not logged in");
          return (current = token).fp;
        },
        prepare: () => Promise.resolve(),
        present: async () => {
          const token = current?.token.refreshToken?.reveal() ?? "";
          presented.push(token);
          return await answer(token);
        },
        hasAnotherWay: () => Promise.resolve(false),
        successor: async (before, token) => ({
          ...await pairOf(token),
          login: before?.login ?? 0,
          gen: (before?.gen ?? 0) + 1,
        }),
      };
      return renewal.run(job);
    },
    stored: () => store.read(name),
    record: async (token, order) => ({ ...order, ...await pairOf(issued(token)) }),
  };
}
