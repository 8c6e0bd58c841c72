/** The scope without which Feishu gives no refresh token. */
const OFFLINE_ACCESS = "offline_access";

/** `scopes` as Feishu takes them: in their order, separated by spaces, `offline_access` last where it is not among them. */
export function withOfflineAccess(scopes: readonly string[]): string {
  return (scopes.includes(OFFLINE_ACCESS) ? scopes : [...scopes, OFFLINE_ACCESS]).join(" ");
}
