/** The four generations of endpoints that issue user tokens, by their names in the control interface. */
export const GENERATIONS = ["v1", "oidc", "v2", "v3"] as const;

/** One of {@linkcode GENERATIONS}. */
export type Generation = (typeof GENERATIONS)[number];

/** How long what a generation issues lives, in seconds. */
export interface TokenLifetime {
  /** Of the access token. */
  readonly accessSeconds: number;
  /** A window that each rotation starts anew. */
  readonly refreshSeconds: number;
}

/** What Feishu's documentation shows in its samples: the field says it, clients must not assume it. */
export const TOKEN_LIFETIMES: Readonly<Record<Generation, TokenLifetime>> = {
  v1: { accessSeconds: 7140, refreshSeconds: 2_591_940 },
  oidc: { accessSeconds: 7199, refreshSeconds: 2_591_999 },
  v2: { accessSeconds: 7200, refreshSeconds: 604_800 },
  v3: { accessSeconds: 7200, refreshSeconds: 604_800 },
};

/** Life of an app or tenant token, in milliseconds. */
export const APP_TOKEN_LIFE_MS = 7_200_000;

/** With at least this much left, asking for an app token gives the same one again, in milliseconds. */
export const APP_TOKEN_REUSE_MS = 1_800_000;

/** Life of an authorization code, in milliseconds. */
export const CODE_LIFE_MS = 300_000;

/** After this long no refresh helps: the user has to authorize the app again. In milliseconds. */
export const AUTHORIZATION_LIFE_MS = 365 * 24 * 3_600_000;
