import type { AppCredentials, RefreshEndpoint } from "../../ports/feishu.ts";
import type { Secret } from "../../secret.ts";
import { MEMORY_RECORDS } from "../renewal/memory_records.ts";
import { LruMap } from "../../concurrency/lru_map.ts";

/** Form of a refresh token: the older endpoints issue `ur-…`, the OAuth endpoints a JWT. */
type TokenShape = "legacy" | "oauth";

/** For each form the endpoints that may have issued it, the likelier first. */
const ENDPOINTS: Readonly<Record<TokenShape, readonly RefreshEndpoint[]>> = {
  legacy: ["oidc", "v1"],
  oauth: ["v2", "v3"],
};

/** Chooses the endpoints for a refresh token: by configuration, by what worked for the app, or by the token's form. */
export class RefreshEndpoints {
  readonly #pinned: RefreshEndpoint | undefined;
  readonly #worked = new LruMap<RefreshEndpoint>(MEMORY_RECORDS);

  /**
   * For one process.
   *
   * @param pinned `FEISHU_REFRESH_ENDPOINT`: no other endpoint is tried then.
   */
  constructor(pinned?: RefreshEndpoint) {
    this.#pinned = pinned;
  }

  /** Whether the configuration allows one endpoint only. */
  get isPinned(): boolean {
    return this.#pinned !== undefined;
  }

  /** The endpoints to try for `token`, best first; `issuedBy` issued it, if that is known. */
  candidates(credentials: AppCredentials, token: Secret, issuedBy?: RefreshEndpoint): RefreshEndpoint[] {
    if (this.#pinned !== undefined) return [this.#pinned];
    const shape = shapeOf(token);
    const first = issuedBy ?? this.#worked.get(appShape(credentials, shape));
    const all = ENDPOINTS[shape];
    return first !== undefined && all.includes(first)
      ? [first, ...all.filter((each) => each !== first)]
      : [...all];
  }

  /** Remembers the endpoint that worked for the app. */
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
