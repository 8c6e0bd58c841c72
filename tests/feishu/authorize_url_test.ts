import assert from "node:assert/strict";
import { authorizeUrl } from "../../src/feishu/authorize_url.ts";
import { createHosts } from "../../src/feishu/hosts.ts";
import { Secret } from "../../src/secret.ts";

const REQUEST = {
  credentials: { brand: "lark", appId: "cli_a", appSecret: new Secret("planted-secret") },
  redirectUri: "http://127.0.0.1:8081/login/callback?x=1&y=2",
  scopes: ["docx:document", "offline_access"],
  state: new Secret("st-1"),
  // RFC 7636, appendix B.
  verifier: new Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
} as const;

Deno.test("`authorizeUrl()` carries the challenge of RFC 7636's example, and asks for the page", () => {
  const url = new URL(authorizeUrl(createHosts(), REQUEST));
  assert.equal(url.origin + url.pathname, "https://accounts.larksuite.com/open-apis/authen/v1/authorize");
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    client_id: "cli_a",
    response_type: "code",
    redirect_uri: "http://127.0.0.1:8081/login/callback?x=1&y=2",
    scope: "docx:document offline_access",
    state: "st-1",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
    prompt: "consent",
  });
});

Deno.test("`authorizeUrl()` carries neither the verifier nor the app secret", () => {
  const url = authorizeUrl(createHosts(), REQUEST);
  assert(!url.includes(REQUEST.verifier.reveal()));
  assert(!url.includes("planted"));
});

Deno.test.each(["short", "x".repeat(129), `${"x".repeat(43)} `])(
  "`authorizeUrl()` refuses the verifier %j without repeating it",
  (verifier) => {
    assert.throws(
      () => authorizeUrl(createHosts(), { ...REQUEST, verifier: new Secret(verifier) }),
      (error) => {
        assert(error instanceof TypeError);
        return !error.message.includes("xxx") && !error.message.includes("short");
      },
    );
  },
);
