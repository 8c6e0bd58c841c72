import type { Random } from "../../ports/random.ts";

/** A value that no two claims share. */
export function newNonce(random: Random): string {
  return random.bytes(12).toBase64({ alphabet: "base64url" });
}
