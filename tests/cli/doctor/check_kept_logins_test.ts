import assert from "node:assert/strict";
import type { Check } from "../../../src/cli/doctor/check.ts";
import { checkKeptLogins } from "../../../src/cli/doctor/check_kept_logins.ts";
import { noLoginService } from "../../../src/login/no_login_service.ts";
import type { KeptLogin, LoginService } from "../../../src/ports/logins.ts";
import { readConfig } from "../../../src/config.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { ANN, FakeLogins, NOW_MS } from "../login/fake_logins.ts";
import { CommandHome } from "../token/token_platform.ts";

/** The check on logins that a process renews, or that nothing does. */
async function checked(service: LoginService, isRenewed = false): Promise<Check> {
  await using home = await CommandHome.make();
  const platform = home.platform();
  const sources = { env: platform.env, file: {}, flags: {}, isTerminal: false };
  const reading = readConfig(sources);
  assert.ok(reading.ok);
  const log = Object.assign(new RecordingLog(), { announce: () => {} });
  return await checkKeptLogins({
    server: { logins: service, log, hasOtherProcesses: () => Promise.resolve(isRenewed) },
    shell: { platform, sources, config: reading.config },
    nowMs: NOW_MS,
  });
}

function keeping(...kept: KeptLogin[]): FakeLogins {
  const logins = new FakeLogins();
  logins.kept = kept;
  return logins;
}

Deno.test("checkKeptLogins() warns of logins that nothing renews, with the end of the first", async () => {
  const later = { ...ANN, refreshTokenExpiresAtMs: NOW_MS + 9 * 86_400_000 };
  const { status, found, nextStep } = await checked(keeping(later, ANN));
  assert.equal(status, "warn");
  assert.equal(
    found.en,
    "2, and nothing is seen here that renews them: the first ends 2026-01-09 03:04 (in 7 days)",
  );
  assert.match(
    nextStep?.en ?? "",
    /^Leave a server running, or have the system renew them: `feishu-token-mcp keep --install`\.$/,
  );
});

Deno.test("checkKeptLogins() names what renews the logins", async () => {
  const { status, found } = await checked(keeping(ANN), true);
  assert.deepEqual([status, found.en], [
    "ok",
    "one, renewed in time by a process of this store that runs now",
  ]);
});

Deno.test("checkKeptLogins() is content where there is nothing to renew", async () => {
  assert.deepEqual(await checked(keeping()), {
    name: "kept logins",
    status: "ok",
    found: { en: "nobody is logged in", zh: "没有已登录的用户" },
  });
  assert.equal((await checked(keeping({ ...ANN, needsLogin: true }))).found.en, "one, none to renew");
});

Deno.test("checkKeptLogins() leaves out a store that can keep no logins", async () => {
  assert.equal((await checked(noLoginService())).status, "skip");
});
