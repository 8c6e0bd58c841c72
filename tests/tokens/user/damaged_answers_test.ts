import assert from "node:assert/strict";
import { createFeishuClient } from "../../../src/feishu/feishu_client.ts";
import { createHosts } from "../../../src/feishu/hosts.ts";
import type { FeishuPort } from "../../../src/ports/feishu.ts";
import type { UserTokenResult } from "../../../src/ports/tokens.ts";
import { Secret } from "../../../src/secret.ts";
import { type TokenProcess, TokenWorld } from "../../support/token_world.ts";

const PRESENTED = "eyJ.presented";
const DAMAGED = ')]}\'{"code":0,"access_token":"eyJ.access","refresh_token":"eyJ.refresh",}';
const WHOLE = '{"code":0,"access_token":"eyJ.later","refresh_token":"eyJ.latest","expires_in":7200}';

/** A Feishu that gives these answers, one a call. */
function answering(world: TokenWorld, ...texts: string[]): FeishuPort {
  return createFeishuClient({
    fetch: () => Promise.resolve(new Response(texts.shift(), { headers: { "x-tt-logid": "2026A" } })),
    clock: world.clock,
    hosts: createHosts({ baseUrl: world.sandbox.url }),
    version: "test",
  });
}

function refresh(world: TokenWorld, { tokens }: TokenProcess, presented: string): Promise<UserTokenResult> {
  return tokens.refreshUserToken(world.credentials, new Secret(presented), world.call());
}

Deno.test("refreshUserToken() hands out a pair from a damaged answer with a warning, also later and after a restart", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start({ feishu: answering(world, DAMAGED) });
  const together = await Promise.all([1, 2].map(() => refresh(world, process, PRESENTED)));
  process.kill();
  const restarted = await world.start({ feishu: answering(world) });
  for (const result of [...together, await refresh(world, restarted, PRESENTED)]) {
    assert.deepEqual([result.accessToken.reveal(), result.refreshToken?.reveal()], [
      "eyJ.access",
      "eyJ.refresh",
    ]);
    assert.equal(result.warning?.code, "feishu_answer_salvaged");
    assert.equal(result.warning?.detail.retryAfterMs, undefined);
  }
});

Deno.test("refreshUserToken() says nothing of a damaged answer any more once its pair was renewed", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start({ feishu: answering(world, DAMAGED, WHOLE) });
  const { refreshToken } = await refresh(world, process, PRESENTED);
  const next = await refresh(world, process, refreshToken?.reveal() ?? "");
  assert.deepEqual([next.accessToken.reveal(), next.warning], ["eyJ.later", undefined]);
  assert.equal((await refresh(world, process, PRESENTED)).warning, undefined);
});

Deno.test("refreshUserToken() logs a damaged answer in one line of level warn, with no token in it", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start({ feishu: answering(world, DAMAGED) });
  await refresh(world, process, PRESENTED);
  const [line, ...more] = world.log.lines.filter(({ level }) => level === "warn");
  assert.deepEqual(more, []);
  assert.match(line?.event ?? "", /damaged/);
  assert.equal(line?.fields.feishu_log_id, "2026A");
  assert.doesNotMatch(JSON.stringify(world.log.lines), /eyJ/);
});
