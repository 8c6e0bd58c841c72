import type { AuthorizeRequest } from "../ports/feishu.ts";
import type { Hosts } from "./hosts.ts";
import { withOfflineAccess } from "./with_offline_access.ts";

/**
 * The address of the page on which a person agrees. It names the method of the challenge, since Feishu's default is
 * `plain`. It demands the page by `prompt=consent`: inside the Feishu client a link otherwise counts as agreed to when it
 * is opened, so that a forwarded link would take over an account with one tap.
 *
 * @throws TypeError when `verifier` has other characters or another length: a programming error.
 * @see https://open.feishu.cn/document/authentication-management/access-token/obtain-oauth-code
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.2
 */
export function authorizeUrl(
  hosts: Hosts,
  { credentials, redirectUri, scopes, state, verifier }: AuthorizeRequest,
): string {
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier.reveal())) {
    throw new TypeError("A code verifier has 43 to 128 characters of A-Z a-z 0-9 - . _ ~");
  }
  const url = new URL(hosts.address(credentials.brand, "accounts", "/open-apis/authen/v1/authorize"));
  url.search = new URLSearchParams({
    client_id: credentials.appId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: withOfflineAccess(scopes),
    state: state.reveal(),
    code_challenge: challengeOf(verifier.reveal()),
    code_challenge_method: "S256",
    prompt: "consent",
  }).toString();
  return url.href;
}

/** Loads the module here: it takes 6 to 20 ms, a tenth of a start, and only logins in the browser need it. */
function challengeOf(verifier: string): string {
  // deno-lint-ignore no-process-global -- importing it would load as much
  const { createHash } = process.getBuiltinModule("node:crypto");
  return createHash("sha256").update(verifier).digest("base64url");
}
