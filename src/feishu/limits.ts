/**
 * Milliseconds an app token is taken to live when Feishu names no lifetime. Feishu hands out a kept app token only while
 * 30 minutes or more of it remain, and a fresh one otherwise, so that whatever it hands out lives at least this long.
 */
export const APP_TOKEN_DEFAULT_LIFETIME_MS = 30 * 60 * 1000;

/**
 * Milliseconds a user token is taken to live when Feishu names no lifetime. Every documented answer says about two hours;
 * half of it costs at most one renewal too many, while a token believed alive for too long would be handed out dead.
 */
export const USER_TOKEN_DEFAULT_LIFETIME_MS = 60 * 60 * 1000;

/**
 * Longest believable lifetime in milliseconds. Feishu's own cap is 365 days from the user's authorization; a larger number
 * is taken for an oddity (another unit, a point in time) and treated as not said.
 */
export const MAX_LIFETIME_MS = 366 * 24 * 60 * 60 * 1000;

/**
 * Most bytes read of one answer, decompressed. Real ones stay under 8 KiB. What is padded by a proxy may have its pair
 * behind the padding; a captive portal's page may be anything.
 */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Longest wait in milliseconds that an answer may ask for; a header cannot put a record to sleep for a day. */
export const MAX_RETRY_AFTER_MS = 60 * 60 * 1000;

/** Milliseconds a device code lives where Feishu names no lifetime: 600 s in every live answer since 2026-05. */
export const DEVICE_DEFAULT_LIFETIME_MS = 600_000;

/** Longest believable life of a device code in milliseconds: nobody polls for a day because an answer says so. */
export const MAX_DEVICE_LIFETIME_MS = 60 * 60 * 1000;

/** Pause between two polls in milliseconds where Feishu names none. */
export const DEVICE_DEFAULT_INTERVAL_MS = 5_000;

/** By how much each `slow_down` lengthens the pause for the rest of the flow, in milliseconds (RFC 8628, 3.5). */
export const SLOW_DOWN_MS = 5_000;

/** Longest pause between two polls in milliseconds, whatever the answers add up to. */
export const MAX_DEVICE_INTERVAL_MS = 60_000;

/** How far ahead of this machine's clock Feishu's may be before its claims count as implausible, in milliseconds. */
export const CLAIMS_AHEAD_MS = 10 * 60 * 1000;
