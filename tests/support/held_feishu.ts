import type { FeishuPort } from "../../src/ports/feishu.ts";
import type { TokenWorld } from "./token_world.ts";

/** The methods whose answers a test can hold or lose. */
type HeldMethod = "redeemDeviceCode" | "refreshUserToken" | "userInfo" | "revoke";

/** What becomes of one answer: it may be waited for, replaced, or lost. */
type Fate = (answer: () => Promise<unknown>) => Promise<unknown>;

/** The sandbox's Feishu, whose next answers a test decides on. */
export class HeldFeishu {
  readonly port: FeishuPort;
  readonly #fates = new Map<HeldMethod, Fate[]>();

  /** On the sandbox of `world`. */
  constructor(world: TokenWorld) {
    const real = world.feishu();
    const through =
      <A, R>(method: HeldMethod, call: (request: A) => Promise<R>) => (request: A): Promise<R> => {
        const fate = this.#fates.get(method)?.shift();
        return fate === undefined ? call(request) : fate(() => call(request)) as Promise<R>;
      };
    this.port = {
      ...real,
      redeemDeviceCode: through("redeemDeviceCode", (request) => real.redeemDeviceCode(request)),
      refreshUserToken: through("refreshUserToken", (request) => real.refreshUserToken(request)),
      userInfo: through("userInfo", (request) => real.userInfo(request)),
      revoke: through("revoke", (request) => real.revoke(request)),
    };
  }

  /** Holds the next call of `method`: before it reaches Feishu, or on its way back. */
  hold(method: HeldMethod, where: "before" | "after" = "after"): HeldAnswer {
    const { promise: reached, resolve: onReached } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    this.#next(method, async (answer) => {
      const given = where === "after" ? await answer() : undefined;
      onReached();
      await released;
      return where === "after" ? given : await answer();
    });
    return { reached, release };
  }

  /** The next call of `method` reaches Feishu, and its answer does not come back. */
  lose(method: HeldMethod): void {
    this.#next(method, async (answer) => {
      await answer();
      return {
        kind: "unreadable",
        httpStatus: 502,
        detail: { en: "the answer was lost", zh: "响应丢失" },
      };
    });
  }

  #next(method: HeldMethod, fate: Fate): void {
    this.#fates.set(method, [...this.#fates.get(method) ?? [], fate]);
  }
}

/** A call that is held. */
export interface HeldAnswer {
  /** Resolves when the call is held. */
  readonly reached: Promise<void>;
  /** Lets it go on. */
  release(): void;
}
