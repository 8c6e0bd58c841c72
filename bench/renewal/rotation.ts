import { realPlatform } from "../../src/platform.ts";
import { findApiRefusal } from "../../src/feishu/api_code_table.ts";
import { createFeishuClient } from "../../src/feishu/feishu_client.ts";
import { createHosts } from "../../src/feishu/hosts.ts";
import type { AppCredentials, FeishuPort } from "../../src/ports/feishu.ts";
import type { Journal, RecordChange, RecordName, RecordStore } from "../../src/ports/store.ts";
import type { TokenService } from "../../src/ports/tokens.ts";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { Secret } from "../../src/secret.ts";
import { type OpenStore, openStore } from "../../src/store/open_store.ts";
import { createTokenEngine } from "../../src/tokens/token_engine.ts";
import { createTokenService } from "../../src/tokens/token_service.ts";
import { VERSION } from "../../src/version.ts";
import { median } from "../median.ts";
import { freshStore, type StoreKind } from "./fresh_store.ts";
import { SILENT_LOG } from "./silent_log.ts";
import type { Upstream } from "./upstream.ts";

/**
 * The steps of a rotation that take time, in their order, until there is an answer, and the same where there is no
 * journal. `read` is all reads of store and journal together. `clear` runs while the answer is sent.
 */
export const ROTATION_PARTS = [
  "read",
  "claim",
  "upstream",
  "journal",
  "commit",
  "clear",
  "total",
  "without journal",
] as const;

/** One of {@linkcode ROTATION_PARTS}. */
export type RotationPart = (typeof ROTATION_PARTS)[number];

/** Milliseconds by part. */
export type RotationFigures = Readonly<Record<RotationPart, number>>;

const CREDENTIALS: AppCredentials = {
  brand: "feishu",
  appId: DEFAULT_SANDBOX_APP.appId,
  appSecret: new Secret(DEFAULT_SANDBOX_APP.appSecret),
};

/** Rotations that only warm up. */
const WARM_UP = 5;

/** Spends `rotations` refresh tokens with a journal and as many without, in turns; medians. */
export async function measureRotation(
  kind: StoreKind,
  upstream: Upstream,
  rotations: number,
): Promise<RotationFigures> {
  const platform = realPlatform();
  await using fresh = await freshStore(kind);
  await upstream.control.reset();
  using store = await opened(fresh.kv, fresh.folder);
  const watch = new StepWatch();
  const client = createFeishuClient({
    fetch: platform.fetch,
    clock: platform.clock,
    hosts: createHosts({ baseUrl: upstream.url }),
    version: VERSION,
  });
  const feishu = watched(client, FEISHU_STEPS, watch);
  const records = watched(store.records, STORE_STEPS, watch);
  const service = (journal: Journal | null): TokenService =>
    createTokenService(createTokenEngine({
      store: records,
      journal,
      fingerprints: store.fingerprints,
      owner: store,
      liveness: store.liveness,
      feishu,
      findApiRefusal,
      clock: platform.clock,
      random: platform.random,
      log: SILENT_LOG,
      stopping: new AbortController().signal,
    }));
  if (store.journal === null) throw new Error("The store has no journal to measure");
  const journaled = await Chain.begin(service(watched(store.journal, JOURNAL_STEPS, watch)), upstream);
  const unjournaled = await Chain.begin(service(null), upstream);
  const taken: Partial<RotationFigures>[] = [];
  for (let rotation = 0; rotation < WARM_UP + rotations; rotation++) {
    watch.reset();
    const total = await journaled.rotate();
    const steps = { ...watch.took, total };
    const withoutJournal = await unjournaled.rotate();
    if (rotation >= WARM_UP) taken.push({ ...steps, "without journal": withoutJournal });
  }
  const medians = ROTATION_PARTS.map((part) => [part, median(taken.map((each) => each[part] ?? NaN))]);
  return Object.fromEntries(medians) as RotationFigures;
}

/** A refresh token and its successors. */
class Chain {
  readonly #tokens: TokenService;
  #newest: Secret;

  private constructor(tokens: TokenService, first: Secret) {
    this.#tokens = tokens;
    this.#newest = first;
  }

  static async begin(tokens: TokenService, upstream: Upstream): Promise<Chain> {
    return new Chain(tokens, new Secret(await upstream.control.logIn("v2")));
  }

  /** Spends the newest token; how long that took, in milliseconds. */
  async rotate(): Promise<number> {
    const startedMs = performance.now();
    const { refreshToken } = await this.#tokens.refreshUserToken(CREDENTIALS, this.#newest, {
      log: SILENT_LOG,
    });
    const tookMs = performance.now() - startedMs;
    // The journal is cleared while the answer is sent.
    await this.#tokens.drain();
    if (refreshToken === undefined) throw new Error("A rotation without a refresh token");
    this.#newest = refreshToken;
    return tookMs;
  }
}

/** Adds up how long each step takes. */
class StepWatch {
  took: Partial<Record<RotationPart, number>> = {};

  reset(): void {
    this.took = {};
  }

  async time<T>(step: RotationPart, work: Promise<T>): Promise<T> {
    const startedMs = performance.now();
    try {
      return await work;
    } finally {
      this.took[step] = (this.took[step] ?? 0) + performance.now() - startedMs;
    }
  }
}

/** Which step each method of a port is; the others are not measured. */
type StepsOf<T> = { readonly [M in keyof T]?: (...args: never[]) => RotationPart };

/** `port` with its methods timed. */
function watched<T extends object>(port: T, steps: StepsOf<T>, watch: StepWatch): T {
  return new Proxy(port, {
    get(target, property): unknown {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      const stepOf = steps[property as keyof T] as ((...args: unknown[]) => RotationPart) | undefined;
      if (stepOf === undefined) return value.bind(target);
      return (...args: unknown[]) => watch.time(stepOf(...args), value.apply(target, args));
    },
  });
}

const FEISHU_STEPS: StepsOf<FeishuPort> = {
  issueAppToken: () => "upstream",
  issueTenantToken: () => "upstream",
  refreshUserToken: () => "upstream",
};
const STORE_STEPS: StepsOf<RecordStore> = {
  read: () => "read",
  write: (_name: RecordName, { set }: RecordChange) => set.token === undefined ? "claim" : "commit",
};
const JOURNAL_STEPS: StepsOf<Journal> = {
  newest: () => "read",
  put: () => "journal",
  clear: () => "clear",
};

async function opened(kv: string, folder: string): Promise<OpenStore & Disposable> {
  const { clock, random, openKv, os } = realPlatform();
  const store = await openStore({
    place: kv.startsWith("http") ? { kind: "remote", url: kv } : { kind: "file", path: kv },
    serverKey: new Secret(random.bytes(32).toBase64()),
    openKv,
    os,
    env: (name) => name === "XDG_DATA_HOME" ? folder : undefined,
    clock,
    random,
    log: SILENT_LOG,
  });
  return { ...store, [Symbol.dispose]: () => store.close() };
}
