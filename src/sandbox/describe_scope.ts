/** A scope of an app as the API about the app shows it. */
export interface ScopeView {
  /** Name. */
  readonly scope: string;
  /** For people. */
  readonly description: string;
  /** From 1, an ordinary permission, to 3, a very sensitive one. */
  readonly level: number;
  /** The tokens that may use it. */
  readonly token_types: readonly ("user" | "tenant")[];
}

/** Scopes that only a person can grant. */
const OF_USERS: readonly string[] = ["offline_access", "auth:user.id:read"];
/** Scopes that no person can grant. */
const OF_TENANTS: readonly string[] = ["im:message:send_as_bot"];

/** What the sandbox says of a scope. Most are for both kinds of token, as at Feishu. */
export function describeScope(scope: string): ScopeView {
  const token_types = OF_USERS.includes(scope)
    ? ["user"] as const
    : OF_TENANTS.includes(scope)
    ? ["tenant"] as const
    : ["user", "tenant"] as const;
  return { scope, description: `Scope ${scope} of the sandbox`, level: 1, token_types };
}
