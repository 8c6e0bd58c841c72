import assert from "node:assert/strict";
import { Mask } from "../../src/log/mask.ts";
import { maskingLogins } from "../../src/log/masking_logins.ts";
import { noLoginService } from "../../src/login/no_login_service.ts";
import type { LoginService, StartedLogin } from "../../src/ports/logins.ts";
import { Secret } from "../../src/secret.ts";
import { MemoryLoginService } from "../mcp/memory_login_service.ts";
import { RecordingLog } from "../support/recording_log.ts";

const APP = { brand: "feishu", appId: "cli_a1", appSecret: new Secret("planted app secret") } as const;
const CALL = { log: new RecordingLog(), owner: "local" } as const;

/** What of the secrets is known to the mask. */
function known(mask: Mask): string {
  return mask.apply("planted app secret, planted-login-id, planted refresh, planted access");
}

const USES: readonly (readonly [keyof LoginService, (service: LoginService) => Promise<unknown>, string])[] =
  [
    ["start", (it) => it.start(APP, {}, CALL), "[secret], [secret], planted refresh, planted access"],
    [
      "finish",
      (it) => it.finish(APP, new Secret("planted-login-id"), {}, CALL),
      "[secret], [secret], planted refresh, planted access",
    ],
    ["waiting", (it) => it.waiting(APP, CALL), "[secret], [secret], planted refresh, planted access"],
    [
      "adopt",
      (it) => it.adopt(APP, new Secret("planted refresh"), CALL),
      "[secret], planted-login-id, [secret], planted access",
    ],
    [
      "userToken",
      (it) => it.userToken(APP, { minTtlMs: 1 }, CALL),
      "[secret], planted-login-id, planted refresh, [secret]",
    ],
    ["list", (it) => it.list(APP, CALL), "[secret], planted-login-id, planted refresh, planted access"],
    [
      "logout",
      (it) => it.logout(APP, "ou_a", CALL),
      "[secret], planted-login-id, planted refresh, planted access",
    ],
    ["keep", (it) => it.keep([APP], CALL), "[secret], planted-login-id, planted refresh, planted access"],
  ];

Deno.test.each(USES)("maskingLogins() makes the secrets of %s() known", async (_name, use, masked) => {
  const mask = new Mask();
  await use(maskingLogins(service(), mask));
  assert.equal(known(mask), masked);
});

Deno.test.each(USES)("maskingLogins() knows what %s() brings also where it fails", async (name, use) => {
  const mask = new Mask();
  await assert.rejects(use(maskingLogins(noLoginService(), mask)), { code: "store_cannot_keep_logins" });
  const [secret, loginId, refreshToken] = known(mask).split(", ");
  assert.equal(secret, "[secret]");
  assert.equal(loginId === "[secret]", name === "finish");
  assert.equal(refreshToken === "[secret]", name === "adopt");
});

Deno.test("maskingLogins() lists the logins of every app without credentials", async () => {
  const mask = new Mask();
  const memory = service();
  assert.equal((await maskingLogins(memory, mask).list(null, CALL)).length, 1);
  assert.deepEqual(memory.listed, [null]);
});

function service(): MemoryLoginService {
  const memory = new MemoryLoginService(0);
  const token = memory.onUserToken;
  memory.onUserToken = async () => ({ ...await token(), accessToken: new Secret("planted access") });
  memory.onWaiting = async (): Promise<readonly StartedLogin[]> => [await memory.onStart()];
  return memory;
}
