import assert from "node:assert/strict";
import type { AppCredentials, FeishuAnswer, FeishuPort } from "../../../src/ports/feishu.ts";
import type { AppTokenResult, ReplacementToken } from "../../../src/ports/tokens.ts";
import { Secret } from "../../../src/secret.ts";
import { failure, type TokenProcess, TokenWorld } from "../../support/token_world.ts";

const DEFAULT_TTL_MS = 300_000;
const MINUTE_MS = 60_000;
const INVALID_TENANT_TOKEN = 99991663;
const REFUSED: FeishuAnswer = {
  kind: "refused",
  refusal: { verdict: "config", mayHaveConsumed: false, errorCode: "credentials_refused", httpStatus: 200 },
};

function tenantToken(
  world: TokenWorld,
  { tokens }: TokenProcess,
  minTtlMs = DEFAULT_TTL_MS,
  credentials = world.credentials,
): Promise<AppTokenResult> {
  return tokens.tenantToken(credentials, minTtlMs, world.call());
}

function report(
  world: TokenWorld,
  { tokens }: TokenProcess,
  accessToken: Secret,
  feishuCode?: number,
): Promise<ReplacementToken> {
  const rejected = { accessToken, ...(feishuCode === undefined ? {} : { feishuCode }) };
  return tokens.replaceRejected(world.credentials, rejected, world.call());
}

async function paths(world: TokenWorld): Promise<string[]> {
  return (await world.calls("_access_token/internal")).map(({ path }) =>
    path.replace(/^.*\/v3\/(\w+)_access_token.*$/, "$1")
  );
}

/** The world's app with another secret, as a caller brings it. */
function brought(world: TokenWorld, secret = world.credentials.appSecret.reveal()): AppCredentials {
  return { ...world.credentials, appSecret: new Secret(secret), isBrought: true };
}

/** A Feishu whose app and tenant tokens differ, and whose app's secret can be reset. */
class TwoTokens {
  readonly asked: string[] = [];
  /** Before a secret is refused. */
  beforeRefusal: Promise<void> = Promise.resolve();
  readonly #world: TokenWorld;
  #valid: string;
  #issued = 0;

  constructor(world: TokenWorld) {
    this.#world = world;
    this.#valid = world.credentials.appSecret.reveal();
  }

  get port(): FeishuPort {
    const issue = async (kind: string, { appSecret }: AppCredentials): Promise<FeishuAnswer> => {
      const isAccepted = appSecret.reveal() === this.#valid;
      this.asked.push(`${kind} ${isAccepted ? "accepted" : "refused"}`);
      if (!isAccepted) {
        await this.beforeRefusal;
        return REFUSED;
      }
      const accessToken = new Secret(`t-${kind}${++this.#issued}`);
      const lifetimeMs = 120 * MINUTE_MS;
      const expiresAtMs = this.#world.clock.now() + lifetimeMs;
      return { kind: "issued", token: { accessToken, expiresAtMs, lifetimeMs } };
    };
    return {
      ...this.#world.feishu(),
      issueAppToken: ({ credentials }) => issue("app", credentials),
      issueTenantToken: ({ credentials }) => issue("tenant", credentials),
    };
  }

  /** The credentials that count from then on. */
  reset(): AppCredentials {
    this.#valid = "the-secret-after-the-reset";
    return { ...this.#world.credentials, appSecret: new Secret(this.#valid) };
  }
}

Deno.test("tenantToken() brings a token that works, from the tenant's endpoint alone", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { accessToken, expiresAtMs } = await tenantToken(world, process);
  assert.equal(await world.apiCode("app", accessToken), 0);
  assert(expiresAtMs - world.clock.now() > 100 * MINUTE_MS);
  assert.deepEqual(await paths(world), ["tenant"]);
});

Deno.test("tenantToken() asks Feishu once when 4 processes are asked 100 times at once", async () => {
  await using world = await TokenWorld.create();
  const processes = [await world.start(), await world.start(), await world.start(), await world.start()];
  const all = await Promise.all(
    processes.flatMap((process) => Array.from({ length: 25 }, () => tenantToken(world, process))),
  );
  assert.equal(new Set(all.map(({ accessToken }) => accessToken.reveal())).size, 1);
  assert.deepEqual(await paths(world), ["tenant"]);
});

Deno.test("tenantToken() hands out what is kept after a restart, beside the app's own", async () => {
  await using world = await TokenWorld.create();
  const feishu = new TwoTokens(world);
  const before = await world.start({ feishu: feishu.port });
  const tenant = await tenantToken(world, before);
  const app = await before.tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
  before.kill();
  const after = await world.start({ feishu: feishu.port });
  const again = await tenantToken(world, after);
  assert.equal(again.accessToken.reveal(), tenant.accessToken.reveal());
  assert.notEqual(again.accessToken.reveal(), app.accessToken.reveal());
  assert.deepEqual(feishu.asked, ["tenant accepted", "app accepted"]);
});

Deno.test("tenantToken() is served at once near its end and renewed in the background", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const first = await tenantToken(world, process);
  world.age(96 * MINUTE_MS);
  assert.equal((await tenantToken(world, process)).accessToken.reveal(), first.accessToken.reveal());
  await world.until(async () => (await paths(world)).length === 2);
  await world.until(async () =>
    (await tenantToken(world, process)).accessToken.reveal() !== first.accessToken.reveal()
  );
});

Deno.test("tenantToken() says when more time can be had", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await tenantToken(world, process);
  world.age(60 * MINUTE_MS);
  const error = await failure(tenantToken(world, process, 90 * MINUTE_MS));
  assert.equal(error.code, "min_ttl_unreachable");
  assert.deepEqual(await paths(world), ["tenant"]);
});

Deno.test("tenantToken() gives the wrong app secret no kept token", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { accessToken } = await tenantToken(world, process);
  const wrong = await failure(tenantToken(world, process, 0, world.wrongCredentials));
  assert.equal(wrong.code, "credentials_refused");
  const after = await world.start();
  assert.equal((await tenantToken(world, after)).accessToken.reveal(), accessToken.reveal());
  assert.equal(
    (await failure(tenantToken(world, after, 0, world.wrongCredentials))).code,
    "credentials_refused",
  );
});

Deno.test("tenantToken() gives the old secret nothing once the app's token was got with the reset one", async () => {
  await using world = await TokenWorld.create();
  const feishu = new TwoTokens(world);
  const process = await world.start({ feishu: feishu.port });
  await tenantToken(world, process);
  await process.tokens.appToken(world.credentials, 0, world.call());
  const fresh = feishu.reset();
  await process.tokens.appToken(fresh, 0, world.call());
  // In this process's memory, and in the store that another one finds.
  for (const each of [process, await world.start({ feishu: feishu.port })]) {
    assert.equal((await failure(tenantToken(world, each))).code, "credentials_refused");
  }
});

Deno.test("tenantToken() moves the app's record on to a reset secret, so that the old one gets no app token either", async () => {
  await using world = await TokenWorld.create();
  const feishu = new TwoTokens(world);
  const process = await world.start({ feishu: feishu.port });
  await process.tokens.appToken(world.credentials, 0, world.call());
  await tenantToken(world, process);
  const fresh = feishu.reset();
  await tenantToken(world, process, DEFAULT_TTL_MS, fresh);
  const old = process.tokens.appToken(world.credentials, 0, world.call());
  assert.equal((await failure(old)).code, "credentials_refused");
  assert.equal((await failure(tenantToken(world, process))).code, "credentials_refused");
});

Deno.test("tenantToken() does not wait behind made-up secrets with one that the app's record says was accepted", async () => {
  await using world = await TokenWorld.create();
  const feishu = new TwoTokens(world);
  const before = await world.start({ feishu: feishu.port });
  await before.tokens.appToken(brought(world), 0, world.call());
  before.kill();
  const gate = Promise.withResolvers<void>();
  feishu.beforeRefusal = gate.promise;
  const process = await world.start({ feishu: feishu.port });
  // Before anything that is kept speaks against them, they are on their way to Feishu.
  const madeUp = ["made up 1", "made up 2"].map((secret) =>
    failure(tenantToken(world, process, 0, brought(world, secret)))
  );
  await world.until(() => feishu.asked.filter((each) => each.endsWith("refused")).length === 2);
  assert.match((await tenantToken(world, process, 0, brought(world))).accessToken.reveal(), /^t-tenant/);
  gate.resolve();
  await Promise.all(madeUp);
});

Deno.test("replaceRejected() brings another tenant token when Feishu has revoked the one reported", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const { accessToken: first } = await tenantToken(world, process);
  await world.revokeAccess(first);
  const second = await report(world, process, first, INVALID_TENANT_TOKEN);
  assert.deepEqual([second.kind, second.isRenewed, second.isSame], ["tenant", true, false]);
  assert.equal(await world.apiCode("app", second.accessToken), 0);
  assert.equal((await tenantToken(world, process)).accessToken.reveal(), second.accessToken.reveal());
  // A late report, after a restart too.
  const late = await report(world, await world.start(), first);
  assert.equal(late.accessToken.reveal(), second.accessToken.reveal());
  assert.deepEqual(await paths(world), ["tenant", "tenant"]);
});

Deno.test.each([
  [INVALID_TENANT_TOKEN, "tenant"],
  [99991664, "app"],
  [undefined, "app"],
])(
  "replaceRejected() with the code %s replaces one token that is the app's and the tenant's in both records",
  async (code, kind) => {
    await using world = await TokenWorld.create();
    const process = await world.start();
    const { accessToken: first } = await tenantToken(world, process);
    const app = await process.tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
    assert.equal(app.accessToken.reveal(), first.reveal());
    await world.revokeAccess(first);
    const second = await report(world, process, first, code);
    assert.equal(second.kind, kind);
    const tenant = await tenantToken(world, process);
    const other = await process.tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
    for (const { accessToken } of [second, tenant, other]) {
      assert.equal(await world.apiCode("app", accessToken), 0);
    }
  },
);

Deno.test("replaceRejected() refuses a tenant token that comes with a refresh token, and spends nothing", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  const { accessToken } = await tokens.tenantToken(world.credentials, 0, world.call());
  const refreshToken = await world.login("v2");
  const rejected = { accessToken, refreshToken };
  const error = await failure(tokens.replaceRejected(world.credentials, rejected, world.call()));
  assert.equal(error.code, "input_invalid");
  assert.deepEqual(await world.refreshCalls(), []);
});

Deno.test("replaceRejected() tells the wrong secret nothing of a tenant token", async () => {
  await using world = await TokenWorld.create();
  const { tokens } = await world.start();
  const { accessToken } = await tokens.tenantToken(world.credentials, 0, world.call());
  const wrong = tokens.replaceRejected(world.wrongCredentials, { accessToken }, world.call());
  assert.equal((await failure(wrong)).code, "credentials_refused");
});

Deno.test("tenantToken() is got without the store while that is away", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  process.kv.onRead = () => "throw";
  process.kv.onCommit = () => "throw";
  const { accessToken } = await tenantToken(world, process);
  assert.equal(await world.apiCode("app", accessToken), 0);
});
