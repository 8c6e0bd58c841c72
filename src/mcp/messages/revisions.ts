/** The revisions with a handshake, the newest first: those of the SDK's server, which answers the handshake. */
export const HANDSHAKE_REVISIONS: readonly string[] = [
  "2025-11-25",
  "2025-06-18",
  "2025-03-26",
  "2024-11-05",
  "2024-10-07",
];

/** The revision without a handshake: every request carries what its answer depends on. */
export const STATELESS_REVISION = "2026-07-28";
