import assert from "node:assert/strict";
import { errorCode } from "../clients/expected_answers.ts";
import { findDenoKv } from "../support/denokv.ts";
import { HostedApp } from "./hosted_app.ts";
import { appTokenIn, type UserToken, userTokenIn } from "./tool_answer.ts";

/** What the program leaves of the platform's five seconds to callers; then they are sent to another instance. */
const CALLERS_MS = 3_000;
/** Longer than an instance has between its two signals. */
const TOO_SLOW_MS = 6_000;

const denokv = await findDenoKv();

/** A test on the app as the platform runs it. Where there is no `denokv` it is skipped, and the report says so. */
function hostedTest(name: string, use: (app: HostedApp) => Promise<void>): void {
  const ignore = denokv === undefined || Deno.build.os === "windows";
  Deno.test({
    name: `main.ts as Deno Deploy runs it: ${name}`,
    ignore,
    async fn(): Promise<void> {
      if (denokv === undefined) return;
      await using app = await HostedApp.create(denokv);
      await use(app);
    },
  });
}

async function refresh(app: HostedApp, refreshToken: string): Promise<UserToken> {
  const { result } = await app.call("refresh_feishu_user_token", { refresh_token: refreshToken });
  return userTokenIn(result);
}

hostedTest("two instances ask Feishu once for the app's token, and once for each rotation", async (app) => {
  await Promise.all([app.start(), app.start()]);
  const tokens = await Promise.all(
    Array.from({ length: 6 }, async () => appTokenIn((await app.call("get_feishu_app_token")).result)),
  );
  assert.equal(new Set(tokens.map(({ app_access_token }) => app_access_token)).size, 1);
  assert.equal(await app.feishu.appTokenCalls(), 1);

  const first = await app.feishu.logIn();
  let newest = first;
  for (let rotation = 1; rotation <= 4; rotation++) {
    const pairs = await Promise.all([refresh(app, newest), refresh(app, newest)]);
    assert.equal(pairs[0]?.refresh_token, pairs[1]?.refresh_token);
    newest = pairs[0]?.refresh_token ?? "";
    assert.equal((await app.feishu.refreshes()).length, rotation);
  }
  for (const _instance of ["one", "other"]) {
    const pair = await refresh(app, first);
    assert.deepEqual([pair.refresh_token, pair.replayed], [newest, true]);
  }
  assert.equal((await app.feishu.refreshes()).length, 4);
});

hostedTest("a rolling restart in the middle of a renewal loses nothing", async (app) => {
  const old = await app.start();
  const first = await app.feishu.logIn();
  await app.feishu.faultNextRefresh({ kind: "hang" });
  const answered = refresh(app, first);
  await app.feishu.until(1, "pending");
  await app.start();
  const stopped = old.stop();
  const waiting = refresh(app, first);
  await app.feishu.clearFaults();
  const { code, wasKilled } = await stopped;
  assert.deepEqual({ code, wasKilled }, { code: 0, wasKilled: false });

  const [pair, again] = await Promise.all([answered, waiting]);
  assert.equal(again.refresh_token, pair.refresh_token);
  assert.deepEqual(await app.feishu.refreshes(), ["accepted"]);
});

hostedTest("an answer of Feishu that comes after the callers had to leave is still kept", async (app) => {
  const old = await app.start();
  const first = await app.feishu.logIn();
  await app.feishu.faultNextRefresh({ kind: "hang" });
  const sentAway = app.call("refresh_feishu_user_token", { refresh_token: first });
  await app.feishu.until(1, "pending");
  const startedMs = performance.now();
  const stopped = old.stop();
  assert.equal((await sentAway).status, 503);
  assert.ok(performance.now() - startedMs >= CALLERS_MS);
  await app.feishu.clearFaults();
  const { code, wasKilled } = await stopped;
  assert.deepEqual({ code, wasKilled }, { code: 0, wasKilled: false });

  await app.start();
  assert.equal((await refresh(app, first)).replayed, true);
  assert.deepEqual(await app.feishu.refreshes(), ["accepted"]);
});

hostedTest("an answer of Feishu that came too late is reported as an unknown outcome", async (app) => {
  const old = await app.start();
  const first = await app.feishu.logIn();
  await app.feishu.faultNextRefresh({ kind: "slow", ms: TOO_SLOW_MS });
  const sentAway = app.call("refresh_feishu_user_token", { refresh_token: first });
  await app.feishu.until(1, "pending");
  const { code, wasKilled, stderr } = await old.stop();
  assert.deepEqual({ code, wasKilled }, { code: 0, wasKilled: false });
  assert.match(stderr, /"level":"error","event":"stopped before all renewals had ended/);
  assert.equal((await sentAway).status, 503);
  await app.feishu.until(1, "accepted");

  // Waits until the lease of the instance that is gone is over: 40 s, with nobody's word for it that it is dead.
  await app.start();
  const { result } = await app.call("refresh_feishu_user_token", { refresh_token: first });
  assert.equal(errorCode(result), "rotation_outcome_unknown");
  assert.deepEqual(await app.feishu.refreshes(), ["accepted", "refused"]);
});

hostedTest("app secrets in the query, which its telemetry exports, are refused", async (app) => {
  await app.start();
  const response = await fetch(`${app.url}/mcp?app_id=cli_a1&app_secret=planted`, {
    method: "POST",
    headers: { accept: "application/json, text/event-stream", "content-type": "application/json" },
    body: "{}",
  });
  assert.equal(response.status, 422);
  assert.match(await response.text(), /must not be in the query, which telemetry may export/);
  assert.doesNotMatch(app.log(), /planted/);
});
