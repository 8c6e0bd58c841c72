import assert from "node:assert/strict";
import type { AppCredentials, FeishuAnswer, FeishuPort } from "../../../src/ports/feishu.ts";
import type { CallContext } from "../../../src/ports/tokens.ts";
import { Secret } from "../../../src/secret.ts";
import { countReads } from "../../support/count_reads.ts";
import type { CommitFate } from "../../support/interceptable_kv.ts";
import { failure, patientClock, type TokenProcess, TokenWorld } from "../../support/token_world.ts";
import { withoutPauses } from "../../support/skipping_clock.ts";

const HOUR_MS = 60 * 60_000;
const ANSWER_TO_ONE = "the answer of one secret";

const REFUSED: FeishuAnswer = {
  kind: "refused",
  refusal: { verdict: "config", mayHaveConsumed: false, errorCode: "credentials_refused", httpStatus: 200 },
};

const LIMITED: FeishuAnswer = {
  kind: "refused",
  refusal: {
    verdict: "transient",
    mayHaveConsumed: false,
    errorCode: "rate_limited",
    httpStatus: 429,
    retryAfterMs: HOUR_MS,
  },
};

/** A Feishu that accepts one secret, and answers the others as the test says. */
class Secrets {
  readonly #world: TokenWorld;
  /** Every secret that was put before it. */
  readonly asked: string[] = [];
  /** How many of each kind are under way. */
  underWay = { accepted: 0, others: 0 };
  /** The most of the others that were under way at a time. */
  mostOthers = 0;
  /** The one that it accepts. */
  accepted: string;
  /** What it waits for before it answers: about the one that it accepts, about the others. */
  beforeAccepted: Promise<void> = Promise.resolve();
  beforeOthers: Promise<void> = Promise.resolve();
  other: FeishuAnswer = REFUSED;

  constructor(world: TokenWorld) {
    this.#world = world;
    this.accepted = world.credentials.appSecret.reveal();
  }

  get port(): FeishuPort {
    const real = this.#world.feishu();
    return {
      ...real,
      issueAppToken: async ({ credentials, timeoutMs }): Promise<FeishuAnswer> => {
        const secret = credentials.appSecret.reveal();
        this.asked.push(secret);
        const kind = secret === this.accepted ? "accepted" : "others";
        this.underWay[kind]++;
        this.mostOthers = Math.max(this.mostOthers, this.underWay.others);
        try {
          await (kind === "accepted" ? this.beforeAccepted : this.beforeOthers);
          return kind === "accepted"
            ? await real.issueAppToken({ credentials: this.#world.credentials, timeoutMs })
            : this.other;
        } finally {
          this.underWay[kind]--;
        }
      },
    };
  }

  count(secret: string): number {
    return this.asked.filter((each) => each === secret).length;
  }
}

/** The world's app with another secret, as a caller brings it. */
function brought(world: TokenWorld, secret = world.credentials.appSecret.reveal()): AppCredentials {
  return { ...world.credentials, appSecret: new Secret(secret), isBrought: true };
}

function from(world: TokenWorld, address: string): CallContext {
  return { ...world.call(), address };
}

async function token(
  process: TokenProcess,
  credentials: AppCredentials,
  call: CallContext,
): Promise<string> {
  return (await process.tokens.appToken(credentials, 0, call)).accessToken.reveal();
}

Deno.test("S1: the environment's secret and a caller's that is the same make one call, in two processes", async () => {
  await using world = await TokenWorld.create();
  const feishu = new Secrets(world);
  const gate = Promise.withResolvers<void>();
  feishu.beforeAccepted = gate.promise;
  const [a, b] = [await world.start({ feishu: feishu.port }), await world.start({ feishu: feishu.port })];
  const both = [
    token(a, world.credentials, world.call()),
    token(b, brought(world), from(world, "192.0.2.7")),
  ];
  await world.until(() => feishu.asked.length > 0);
  // The other one looks again and again, and waits for the lease.
  const [readsA, readsB] = [countReads(a), countReads(b)];
  await world.until(() => readsA.count > 2 || readsB.count > 2);
  gate.resolve();
  const [first, second] = await Promise.all(both);
  assert.equal(first, second);
  assert.equal(feishu.asked.length, 1);
});

Deno.test("S2: a commit that is late leaves the lease with its owner, and nobody asks beside it", async () => {
  await using world = await TokenWorld.create();
  const feishu = new Secrets(world);
  const [a, b] = [await world.start({ feishu: feishu.port }), await world.start({ feishu: feishu.port })];
  const gate = Promise.withResolvers<void>();
  let isCommitting = false;
  a.kv.onCommit = async ({ slots }): Promise<CommitFate> => {
    if (slots.includes("token")) {
      isCommitting = true;
      await gate.promise;
    }
    return "pass";
  };
  const first = token(a, brought(world), from(world, "192.0.2.7"));
  await world.until(() => isCommitting);
  let reads = 0;
  b.kv.afterRead = () => void reads++;
  const second = token(b, world.credentials, world.call());
  await world.until(() => reads > 2);
  assert.equal(feishu.asked.length, 1);
  gate.resolve();
  assert.equal(await first, await second);
  assert.equal(feishu.asked.length, 1);
});

Deno.test("S3: a reset secret does not wait for the lease of the old one", async () => {
  await using world = await TokenWorld.create();
  const feishu = new Secrets(world);
  const gate = Promise.withResolvers<void>();
  feishu.beforeOthers = gate.promise;
  const old = feishu.accepted;
  feishu.accepted = "reset";
  const [a, b] = [await world.start({ feishu: feishu.port }), await world.start({ feishu: feishu.port })];
  const refused = failure(token(a, world.credentials, world.call()));
  await world.until(() => feishu.count(old) === 1);
  await token(b, brought(world, "reset"), from(world, "192.0.2.7"));
  assert.deepEqual(feishu.underWay, { accepted: 0, others: 1 });
  gate.resolve();
  assert.equal((await refused).code, "credentials_refused");
});

Deno.test("S4: an hour's pause that Feishu asks of one secret keeps no other from a token, and a made-up one waits a minute", async () => {
  await using world = await TokenWorld.create();
  const feishu = new Secrets(world);
  feishu.other = LIMITED;
  const { clock, wait } = patientClock(world);
  const process = await world.start({ feishu: feishu.port, clock });
  const stranger = brought(world, "made up");
  const ask = (): Promise<number | undefined> =>
    failure(token(process, stranger, from(world, "203.0.113.9"))).then(({ detail }) => detail.retryAfterMs);
  assert((await ask() ?? Infinity) <= 60_000);
  await token(process, world.credentials, world.call());
  await token(process, brought(world), from(world, "192.0.2.7"));
  // By the process's own monotonic clock: the wall clock that wrote the time may be wrong.
  wait(60_001);
  await ask();
  assert.equal(feishu.count("made up"), 2);
});

Deno.test("S4: of a secret that Feishu has accepted the pause is as long as Feishu asks for", async () => {
  await using world = await TokenWorld.create();
  const feishu = new Secrets(world);
  const { clock, wait } = patientClock(world);
  const process = await world.start({ feishu: feishu.port, clock });
  await token(process, world.credentials, world.call());
  world.age(1.9 * HOUR_MS);
  feishu.accepted = "nothing";
  feishu.other = LIMITED;
  const own = { ...world.credentials };
  const first = await failure(process.tokens.appToken(own, HOUR_MS, world.call()).then(warned));
  assert.equal(first.code, "rate_limited");
  wait(61_000);
  const second = await failure(process.tokens.appToken(own, HOUR_MS, world.call()).then(warned));
  assert((second.detail.retryAfterMs ?? 0) > 0.9 * HOUR_MS);
  assert.equal(feishu.count(own.appSecret.reveal()), 2);
});

/** The failure that comes as a warning beside what is left. */
function warned({ warning }: { readonly warning?: Error }): never {
  throw warning ?? new Error("No warning");
}

Deno.test("S5: nobody is told of what Feishu said about another secret", async () => {
  await using world = await TokenWorld.create();
  const feishu = new Secrets(world);
  feishu.other = {
    kind: "unanswered",
    sent: true,
    timedOut: false,
    detail: { en: ANSWER_TO_ONE, zh: ANSWER_TO_ONE },
  };
  const [a, b] = [
    await world.start({ clock: withoutPauses(world), feishu: feishu.port }),
    await world.start({ clock: withoutPauses(world), feishu: feishu.port }),
  ];
  const told = await failure(token(a, brought(world, "made up"), from(world, "203.0.113.9")));
  assert.equal(told.code, "feishu_unavailable");
  await token(b, world.credentials, world.call());
  feishu.other = REFUSED;
  const other = await failure(token(b, brought(world, "made up too"), from(world, "203.0.113.10")));
  assert.deepEqual([other.code, other.message.includes(ANSWER_TO_ONE)], ["credentials_refused", false]);
});

/** 100 strangers with secrets of their own, from a few addresses, whose answers Feishu holds back. */
async function stampede(
  world: TokenWorld,
  feishu: Secrets,
  process: TokenProcess,
): Promise<() => Promise<void>> {
  const gate = Promise.withResolvers<void>();
  feishu.beforeOthers = gate.promise;
  const strangers = Array.from({ length: 100 }, (_, index) => {
    const call = from(world, `203.0.113.${index % 4}`);
    return failure(token(process, brought(world, `made up ${index}`), call));
  });
  await world.until(() => feishu.underWay.others === 8);
  return async () => {
    gate.resolve();
    for (const { code } of await Promise.all(strangers)) {
      assert(["credentials_refused", "too_many_unproven_secrets"].includes(code), code);
    }
  };
}

Deno.test("an app's owner gets a token whatever 100 strangers send: cold, with an expired one, after a reset", async () => {
  await using world = await TokenWorld.create();
  const feishu = new Secrets(world);
  const process = await world.start({ feishu: feishu.port });
  const end = await stampede(world, feishu, process);
  const mine = from(world, "192.0.2.7");
  await token(process, brought(world), mine);
  await token(process, world.credentials, world.call());
  world.age(3 * HOUR_MS);
  await token(process, brought(world), mine);
  feishu.accepted = "reset";
  await token(process, brought(world, "reset"), mine);
  await token(process, { ...world.credentials, appSecret: new Secret("reset") }, world.call());
  assert.deepEqual([feishu.underWay.others, feishu.mostOthers], [8, 8]);
  await end();
  assert.equal(feishu.mostOthers, 8);
});

Deno.test("a secret that a caller has brought and Feishu has refused is not sent again for a minute", async () => {
  await using world = await TokenWorld.create();
  const feishu = new Secrets(world);
  const { clock, wait } = patientClock(world);
  const process = await world.start({ feishu: feishu.port, clock });
  const ask = async (): Promise<void> => {
    const { code } = await failure(token(process, brought(world, "made up"), from(world, "203.0.113.9")));
    assert.equal(code, "credentials_refused");
  };
  await ask();
  wait(59_000);
  await ask();
  assert.equal(feishu.asked.length, 1);
  wait(2_000);
  await ask();
  assert.equal(feishu.asked.length, 2);
});

Deno.test("the server's own secret does not wait in the queue of a caller who has brought the same", async () => {
  await using world = await TokenWorld.create();
  const feishu = new Secrets(world);
  const process = await world.start({ feishu: feishu.port });
  const gate = Promise.withResolvers<void>();
  feishu.beforeOthers = gate.promise;
  const call = from(world, "203.0.113.9");
  const strangers = ["one", "two"].map((secret) => failure(token(process, brought(world, secret), call)));
  await world.until(() => feishu.underWay.others === 2);
  const waiting = token(process, brought(world), call);
  const own = await token(process, world.credentials, world.call());
  gate.resolve();
  await Promise.all(strangers);
  assert.equal(await waiting, own);
  assert.equal(feishu.count(world.credentials.appSecret.reveal()), 1);
});

Deno.test("a secret that was reset is not sent again at every call, though Feishu had accepted it", async () => {
  await using world = await TokenWorld.create();
  const feishu = new Secrets(world);
  const process = await world.start({ feishu: feishu.port });
  const mine = from(world, "192.0.2.7");
  const old = brought(world);
  await token(process, old, mine);
  feishu.accepted = "reset";
  world.age(3 * HOUR_MS);
  for (let count = 0; count < 5; count++) {
    assert.equal((await failure(token(process, { ...old }, mine))).code, "credentials_refused");
  }
  assert.equal(feishu.count(old.appSecret.reveal()), 2);
});

Deno.test("a refusal that speaks of a token keeps no app from one for longer than a pause", async () => {
  await using world = await TokenWorld.create();
  const feishu = new Secrets(world);
  feishu.accepted = "nothing";
  feishu.other = {
    kind: "refused",
    refusal: {
      verdict: "permanent",
      mayHaveConsumed: false,
      errorCode: "refresh_token_expired",
      httpStatus: 200,
    },
  };
  const process = await world.start({ feishu: feishu.port });
  await failure(token(process, world.credentials, world.call()));
  feishu.accepted = world.credentials.appSecret.reveal();
  world.age(61_000);
  await token(process, world.credentials, world.call());
});

Deno.test("made-up apps and secrets leave no lease and no status behind", async () => {
  await using world = await TokenWorld.create();
  const feishu = new Secrets(world);
  const process = await world.start({ feishu: feishu.port });
  for (let count = 0; count < 5; count++) {
    const app = { ...brought(world, `made up ${count}`), appId: `cli_madeup${count}` };
    await failure(token(process, app, from(world, `203.0.113.${count}`)));
  }
  await token(process, world.credentials, world.call());
  const refreshToken = await world.login("v2");
  const refresh = (app: AppCredentials): Promise<unknown> =>
    process.tokens.refreshUserToken(app, refreshToken, from(world, "203.0.113.7"));
  await failure(refresh(brought(world, "made up too")));
  const slots: unknown[] = [];
  for await (const { key } of process.kv.kv.list({ prefix: ["feishu-token"] })) {
    if (["app", "caller"].includes(String(key[2]))) slots.push(`${String(key[1])} ${String(key[2])}`);
  }
  assert.deepEqual(slots.filter((slot) => !String(slot).startsWith("end")), ["token app"]);
});
