/**
 * Lifetime in milliseconds of an app token for which Feishu names none. Feishu returns an existing app token only
 * while 30 minutes or more of it remain, and else a new one, so that every token it returns lives at least this long.
 */
export const APP_TOKEN_DEFAULT_LIFETIME_MS = 30 * 60 * 1000;

/**
 * Lifetime in milliseconds of a user token for which Feishu names none. Every documented answer says about two hours.
 * Half of that costs at most one needless renewal, whereas too long a lifetime would hand out expired tokens.
 */
export const USER_TOKEN_DEFAULT_LIFETIME_MS = 60 * 60 * 1000;

/**
 * Longest plausible lifetime in milliseconds. Feishu's own limit is 365 days from the user's authorization; a larger
 * number has another unit or is a point in time, and counts as missing.
 */
export const MAX_LIFETIME_MS = 366 * 24 * 60 * 60 * 1000;

/**
 * Most bytes that are read of one answer, decompressed. Real ones have less than 8 KiB. In one that a proxy has
 * padded the pair may follow the padding; a captive portal's page may be of any size.
 */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Longest wait in milliseconds that an answer may ask for: no header keeps a record from being renewed for a day. */
export const MAX_RETRY_AFTER_MS = 60 * 60 * 1000;

/** Lifetime of a device code where Feishu names none, in milliseconds: 600 s in every live answer since 2026-05. */
export const DEVICE_DEFAULT_LIFETIME_MS = 600_000;

/** Longest lifetime of a device code that is believed, in milliseconds. No answer makes this program poll for a day. */
export const MAX_DEVICE_LIFETIME_MS = 60 * 60 * 1000;

/** Pause between two polls in milliseconds where Feishu names none. */
export const DEVICE_DEFAULT_INTERVAL_MS = 5_000;

/** Each `slow_down` lengthens the pause by this for the rest of the flow, in milliseconds (RFC 8628, section 3.5). */
export const SLOW_DOWN_MS = 5_000;

/** Longest pause between two polls in milliseconds, after any number of `slow_down`. */
export const MAX_DEVICE_INTERVAL_MS = 60_000;

/** Feishu's clock may be ahead of this machine's by this; else its claims count as implausible. In milliseconds. */
export const CLAIMS_AHEAD_MS = 10 * 60 * 1000;
