import type { AppCredentials, RefreshEndpoint } from "../../ports/feishu.ts";
import type { Secret } from "../../secret.ts";
import { MEMORY_RECORDS } from "../renewal/memory_records.ts";
import { LruMap } from "../../concurrency/lru_map.ts";

/** What a refresh token looks like: `ur-…` came from the older endpoints, a JWT from the OAuth ones. */
type TokenShape = "legacy" | "oauth";

/** For each shape the endpoints that may have issued it, the likelier first. */
const ENDPOINTS: Readonly<Record<TokenShape, readonly RefreshEndpoint[]>> = {
  legacy: ["oidc", "v1"],
  oauth: ["v2", "v3"],
};

/** Which endpoint takes a refresh token: told by its shape, by what worked for the app, or by configuration. */
export class RefreshEndpoints {
  readonly #pinned: RefreshEndpoint | undefined;
  readonly #worked = new LruMap<RefreshEndpoint>(MEMORY_RECORDS);

  /**
   * With `pinned` (`FEISHU_REFRESH_ENDPOINT`) no other endpoint is tried.
   *
   * @param pinned `FEISHU_REFRESH_ENDPOINT`: then no other is tried.
   */
  constructor(pinned?: RefreshEndpoint) {
    this.#pinned = pinned;
  }

  /** Whether the configuration allows one endpoint only. */
  get isPinned(): boolean {
    return this.#pinned !== undefined;
  }

  /** The endpoints to try for `token`, best first. `issuedBy` is the one that its pair is known to come from. */
  candidates(credentials: AppCredentials, token: Secret, issuedBy?: RefreshEndpoint): RefreshEndpoint[] {
    if (this.#pinned !== undefined) return [this.#pinned];
    const shape = shapeOf(token);
    const first = issuedBy ?? this.#worked.get(appShape(credentials, shape));
    const all = ENDPOINTS[shape];
    return first !== undefined && all.includes(first)
      ? [first, ...all.filter((each) => each !== first)]
      : [...all];
  }

  /** Remembers what worked for the app. */
  worked(credentials: AppCredentials, token: Secret, endpoint: RefreshEndpoint): void {
    this.#worked.set(appShape(credentials, shapeOf(token)), endpoint);
  }
}

function shapeOf(token: Secret): TokenShape {
  return token.reveal().startsWith("ur-") ? "legacy" : "oauth";
}

function appShape(credentials: AppCredentials, shape: TokenShape): string {
  return JSON.stringify([credentials.brand, credentials.appId, shape]);
}
