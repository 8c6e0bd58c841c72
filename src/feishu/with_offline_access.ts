import { OFFLINE_ACCESS } from "../ports/offline_access.ts";

/** `scopes` in their order, separated by spaces; `offline_access` is appended where it is missing. */
export function withOfflineAccess(scopes: readonly string[]): string {
  return (scopes.includes(OFFLINE_ACCESS) ? scopes : [...scopes, OFFLINE_ACCESS]).join(" ");
}
