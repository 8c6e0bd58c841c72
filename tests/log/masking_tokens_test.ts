import assert from "node:assert/strict";
import { Mask } from "../../src/log/mask.ts";
import { maskingTokens } from "../../src/log/masking_tokens.ts";
import type { TokenService } from "../../src/ports/tokens.ts";
import { Secret } from "../../src/secret.ts";
import { RecordingLog } from "../support/recording_log.ts";

const CREDENTIALS = {
  brand: "feishu",
  appId: "cli_a1",
  appSecret: new Secret("planted app secret"),
} as const;
const CALL = { log: new RecordingLog() };
const PAIR = {
  accessToken: new Secret("planted access"),
  refreshToken: new Secret("planted refresh"),
  expiresAtMs: 1,
  tokenType: "Bearer",
  replayed: false,
};
const REJECTED = {
  accessToken: new Secret("rejected access"),
  refreshToken: new Secret("rejected refresh"),
};

function service(overrides: Partial<TokenService> = {}): TokenService {
  return {
    appToken: () => Promise.resolve({ accessToken: new Secret("planted app token"), expiresAtMs: 1 }),
    tenantToken: () => Promise.resolve({ accessToken: new Secret("planted tenant token"), expiresAtMs: 1 }),
    refreshUserToken: () => Promise.resolve(PAIR),
    replaceRejected: () => Promise.resolve({ ...PAIR, kind: "user", isRenewed: true, isSame: false }),
    health: () => Promise.resolve({ ok: true }),
    drain: () => Promise.resolve(),
    ...overrides,
  };
}

Deno.test("maskingTokens() makes the app secret and the app token known", async () => {
  const mask = new Mask();
  await maskingTokens(service(), mask).appToken(CREDENTIALS, 1, CALL);
  assert.equal(mask.apply("planted app secret, planted app token"), "[secret], [secret]");
});

Deno.test("maskingTokens() makes the app secret and the tenant token known", async () => {
  const mask = new Mask();
  await maskingTokens(service(), mask).tenantToken(CREDENTIALS, 1, CALL);
  assert.equal(mask.apply("planted app secret, planted tenant token"), "[secret], [secret]");
});

Deno.test("maskingTokens() makes both tokens of a pair known", async () => {
  const mask = new Mask();
  await maskingTokens(service(), mask).refreshUserToken(CREDENTIALS, new Secret("presented one"), CALL);
  assert.equal(
    mask.apply("planted app secret, presented one, planted access, planted refresh"),
    "[secret], [secret], [secret], [secret]",
  );
});

Deno.test("maskingTokens() knows what is presented before anything is done with it", async () => {
  const mask = new Mask();
  let during = "";
  const refuse = (): Promise<never> => {
    during = mask.apply("garbage presented");
    return Promise.reject(new Error("refused"));
  };
  const masking = maskingTokens(service({ refreshUserToken: refuse }), mask);
  await assert.rejects(
    masking.refreshUserToken(CREDENTIALS, new Secret("garbage presented"), CALL),
    /refused/,
  );
  assert.equal(during, "[secret]");
});

Deno.test("maskingTokens() makes both tokens of a replacement known", async () => {
  const mask = new Mask();
  await maskingTokens(service(), mask).replaceRejected(CREDENTIALS, REJECTED, CALL);
  assert.equal(
    mask.apply("planted app secret, planted access, planted refresh"),
    "[secret], [secret], [secret]",
  );
});

Deno.test("maskingTokens() knows a rejected token and its refresh token before anything is done with them", async () => {
  const mask = new Mask();
  let during = "";
  const refuse = (): Promise<never> => {
    during = mask.apply("rejected access, rejected refresh");
    return Promise.reject(new Error("refused"));
  };
  const masking = maskingTokens(service({ replaceRejected: refuse }), mask);
  await assert.rejects(masking.replaceRejected(CREDENTIALS, REJECTED, CALL), /refused/);
  assert.equal(during, "[secret], [secret]");
});
