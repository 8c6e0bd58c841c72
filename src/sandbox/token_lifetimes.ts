/** The four generations of endpoints that issue user tokens, by their names in the control interface. */
export const GENERATIONS = ["v1", "oidc", "v2", "v3"] as const;

/** One of {@linkcode GENERATIONS}. */
export type Generation = (typeof GENERATIONS)[number];

/** Lifetimes of the tokens of a generation, in seconds. */
export interface TokenLifetime {
  /** Of the access token. */
  readonly accessSeconds: number;
  /** Of the refresh token; each rotation starts it again. */
  readonly refreshSeconds: number;
}

/** The lifetimes in the samples of Feishu's documentation. Clients must read the field and not assume them. */
export const TOKEN_LIFETIMES: Readonly<Record<Generation, TokenLifetime>> = {
  v1: { accessSeconds: 7140, refreshSeconds: 2_591_940 },
  oidc: { accessSeconds: 7199, refreshSeconds: 2_591_999 },
  v2: { accessSeconds: 7200, refreshSeconds: 604_800 },
  v3: { accessSeconds: 7200, refreshSeconds: 604_800 },
};

/** Lifetime of an app or tenant token, in milliseconds. */
export const APP_TOKEN_LIFE_MS = 7_200_000;

/** Remaining lifetime with which an app token is issued again instead of a new one, in milliseconds. */
export const APP_TOKEN_REUSE_MS = 1_800_000;

/** Lifetime of an authorization code, in milliseconds. */
export const CODE_LIFE_MS = 300_000;

/**
 * Lifetime of an authorization, in milliseconds: after it no refresh is accepted, and the user has to authorize
 * again.
 */
export const AUTHORIZATION_LIFE_MS = 365 * 24 * 3_600_000;
