/** Revisions of the protocol that begin with a handshake, the newest first: those of the SDK's server, which shakes hands. */
export const HANDSHAKE_REVISIONS: readonly string[] = [
  "2025-11-25",
  "2025-06-18",
  "2025-03-26",
  "2024-11-05",
  "2024-10-07",
];

/** The revision without a handshake: each request says of itself what it needs to be answered. */
export const STATELESS_REVISION = "2026-07-28";
