import { createHash } from "node:crypto";

/** The name under which the sandbox shows a token: the first 12 hex digits of its SHA-256. */
export function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex").slice(0, 12);
}
