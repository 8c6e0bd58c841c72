import assert from "node:assert/strict";
import type { Clock } from "../../src/ports/clock.ts";
import { Secret } from "../../src/secret.ts";
import { CALLER_DEADLINE_MS } from "../../src/tokens/renewal/within_caller_deadline.ts";
import type { CommitFate } from "../support/interceptable_kv.ts";
import { failure, REAL_CLOCK, TokenWorld } from "../support/token_world.ts";

Deno.test("refreshUserToken() tells a caller to come back when its 50 seconds are over, and goes on", async () => {
  await using world = await TokenWorld.create();
  const deadline = Promise.withResolvers<void>();
  const clock: Clock = {
    now: () => world.clock.now(),
    monotonic: () => world.clock.monotonic(),
    sleep: (ms, signal) =>
      ms === CALLER_DEADLINE_MS
        ? Promise.race([deadline.promise, REAL_CLOCK.sleep(ms, signal)])
        : REAL_CLOCK.sleep(ms, signal),
  };
  const { tokens } = await world.start({ clock });
  const r1 = await world.login("v2");
  await world.fault({ kind: "hang", times: 1 });
  const waiting = failure(tokens.refreshUserToken(world.credentials, r1, world.call()));
  await world.until(async () => (await world.refreshCalls()).length === 1);
  deadline.resolve();
  const error = await waiting;
  assert.equal(error.code, "renewal_in_progress");
  assert((error.report().retry_after_seconds ?? 0) > 0);
  await world.clearFaults();
  await tokens.drain();
  assert.equal((await world.refreshCalls()).length, 1);
});

Deno.test("health() says why when the store cannot be written", async () => {
  await using world = await TokenWorld.create();
  const { tokens, kv } = await world.start();
  kv.onCommit = () => "throw";
  const health = await tokens.health();
  assert.equal(health.ok, false);
  assert.match(health.reason?.en ?? "", /store/);
});

Deno.test("health() says why when the journal cannot be written", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  const journal = `${world.path}.journal`;
  await Deno.remove(journal, { recursive: true });
  await Deno.writeTextFile(journal, "not a folder");
  const { ok, reason, publicReason } = await tokens.health();
  assert.equal(ok, false);
  assert.equal(publicReason?.en, "The journal of the token store cannot be written");
  assert.equal(
    reason?.en,
    `The token store does not answer: the journal ${journal} cannot be written: a part of the path is not a folder`,
  );
});

Deno.test("health() joins a probe of the store that is out, however old, and begins another when that is over", async () => {
  await using world = await TokenWorld.create();
  let laterMs = 0;
  const clock: Clock = {
    now: () => world.clock.now(),
    monotonic: () => world.clock.monotonic() + laterMs,
    sleep: (ms, signal) => REAL_CLOCK.sleep(ms, signal),
  };
  const { tokens, kv } = await world.start({ clock });
  const held = Promise.withResolvers<void>();
  let probes = 0;
  kv.onCommit = async ({ slots }): Promise<CommitFate> => {
    if (!slots.includes("probe")) return "pass";
    probes++;
    await held.promise;
    return "pass";
  };
  const asked = [tokens.health()];
  for (let probe = 1; probe < 20; probe++) {
    laterMs += 10_000;
    asked.push(tokens.health());
  }
  held.resolve();
  assert.deepEqual(await Promise.all(asked), asked.map(() => ({ ok: true })));
  assert.equal(probes, 1);
  laterMs += 10_000;
  await tokens.health();
  assert.equal(probes, 2);
});

Deno.test("health() is good when the store was written to and read", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  assert.deepEqual(await tokens.health(), { ok: true });
});

Deno.test("no line of the log holds a token or a secret, whatever happens", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  const r1 = await world.login("v2");
  const app = await tokens.appToken(world.credentials, 0, world.call());
  const pair = await tokens.refreshUserToken(world.credentials, r1, world.call());
  await failure(tokens.appToken(world.wrongCredentials, 0, world.call()));
  const r2 = await world.login("oidc");
  await world.revoke(r2);
  const error = await failure(tokens.refreshUserToken(world.credentials, r2, world.call()));
  const reported = { accessToken: new Secret("planted and rejected"), refreshToken: await world.login("v2") };
  const replaced = await tokens.replaceRejected(world.credentials, reported, world.call());
  await tokens.replaceRejected(world.credentials, { accessToken: app.accessToken }, world.call());
  const rejected = { accessToken: reported.accessToken };
  const refused = await failure(tokens.replaceRejected(world.credentials, rejected, world.call()));
  const written = JSON.stringify([world.log.lines, error.report(), refused.report()]);
  for (
    const secret of [
      r1,
      r2,
      app.accessToken,
      pair.accessToken,
      pair.refreshToken,
      reported.accessToken,
      reported.refreshToken,
      replaced.accessToken,
      replaced.refreshToken,
      world.credentials.appSecret,
      world.wrongCredentials.appSecret,
    ]
  ) {
    assert(secret !== undefined);
    assert.equal(written.includes(secret.reveal()), false);
  }
});
