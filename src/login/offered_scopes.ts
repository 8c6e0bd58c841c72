import { TokenError } from "../errors/token_error.ts";
import type { AppCredentials } from "../ports/feishu.ts";
import type { CallContext } from "../ports/tokens.ts";
import { USER_MANDATORY_MS } from "../tokens/renewal/remaining_ms.ts";
import type { TokenEngine } from "../tokens/token_engine.ts";

const SCOPES_TIMEOUT_MS = 5_000;

/**
 * The scopes that an app offers to users, by Feishu's own list; `null` where that cannot be had: the app may not read
 * it, or Feishu does not answer. A login asks for less then, and does not fail.
 */
export async function offeredScopes(
  { tenantTokens, feishu }: TokenEngine,
  credentials: AppCredentials,
  call: CallContext,
): Promise<readonly string[] | null> {
  try {
    const { accessToken: tenantToken } = await tenantTokens.get(credentials, USER_MANDATORY_MS, call);
    const answer = await feishu.appScopes({ credentials, tenantToken, timeoutMs: SCOPES_TIMEOUT_MS });
    if (answer.kind !== "scopes") return null;
    const names = answer.scopes.filter(({ forUsers }) => forUsers).map(({ name }) => name);
    return names.length === 0 ? null : names;
  } catch (error) {
    if (error instanceof TokenError) return null;
    throw error;
  }
}
