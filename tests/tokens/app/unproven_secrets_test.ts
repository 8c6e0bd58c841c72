import assert from "node:assert/strict";
import type { ErrorCode } from "../../../src/errors/error_table.ts";
import { TokenError } from "../../../src/errors/token_error.ts";
import type { FeishuAnswer } from "../../../src/ports/feishu.ts";
import { Secret } from "../../../src/secret.ts";
import {
  type EndAttempt,
  type SecretAttempt,
  UnprovenSecrets,
} from "../../../src/tokens/app/unproven_secrets.ts";
import { ManualClock } from "../../support/manual_clock.ts";

const ISSUED: FeishuAnswer = {
  kind: "issued",
  token: { accessToken: new Secret("t-made-up"), expiresAtMs: 7_200_000, lifetimeMs: 7_200_000 },
};

function refused(
  verdict: "config" | "ambiguous" | "transient",
  errorCode: ErrorCode = verdict === "config" ? "credentials_refused" : "refresh_token_invalid",
): FeishuAnswer {
  return { kind: "refused", refusal: { verdict, mayHaveConsumed: false, errorCode, httpStatus: 200 } };
}

function attempt(
  secret: string,
  more: { appId?: string; address?: string; isBrought?: boolean } = {},
): SecretAttempt {
  const { appId = "cli_sample", address = "203.0.113.9", isBrought = true } = more;
  return {
    credentials: { brand: "feishu", appId, appSecret: new Secret(secret), isBrought },
    secretFp: `${appId} ${secret}`,
    address,
  };
}

class Turns {
  readonly clock = new ManualClock();
  readonly stopping = new AbortController();
  readonly secrets = new UnprovenSecrets(this.clock, this.stopping.signal);
  /** Whose turn has come, and who was refused, in that order. */
  readonly events: string[] = [];
  readonly ends = new Map<string, EndAttempt>();

  async ask(
    name: string,
    ...more: Parameters<typeof attempt> extends [string, ...infer R] ? R : never
  ): Promise<void> {
    try {
      this.ends.set(name, await this.secrets.begin(attempt(name, ...more)));
      this.events.push(name);
    } catch (error) {
      assert(error instanceof TokenError);
      this.events.push(`${name}: ${error.code}`);
    }
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  }

  async end(name: string, answer?: FeishuAnswer): Promise<void> {
    this.ends.get(name)?.(answer);
    await this.settle();
  }
}

Deno.test("begin() lets two at a time pass, and the next in the order in which they came", async () => {
  const turns = new Turns();
  for (const name of ["a", "b", "c", "d"]) void turns.ask(name);
  await turns.settle();
  assert.deepEqual(turns.events, ["a", "b"]);
  await turns.end("b");
  assert.deepEqual(turns.events, ["a", "b", "c"]);
  await turns.end("b");
  assert.deepEqual(turns.events, ["a", "b", "c"]);
  await turns.end("a");
  assert.deepEqual(turns.events, ["a", "b", "c", "d"]);
});

Deno.test("begin() keeps nobody waiting for another address or another app, nor for the server's own secret", async () => {
  const turns = new Turns();
  for (const name of ["a", "b", "c"]) void turns.ask(name);
  void turns.ask("elsewhere", { address: "192.0.2.7" });
  void turns.ask("another", { appId: "cli_another" });
  void turns.ask("own", { isBrought: false });
  await turns.settle();
  assert.deepEqual(turns.events.toSorted(), ["a", "another", "b", "elsewhere", "own"]);
});

Deno.test("begin() gives up after ten seconds, and its place with it", async () => {
  const turns = new Turns();
  for (const name of ["a", "b", "c", "d"]) void turns.ask(name);
  await turns.settle();
  turns.clock.pass(9_999);
  await turns.settle();
  assert.equal(turns.events.length, 2);
  turns.clock.pass(1);
  await turns.settle();
  assert.deepEqual(turns.events.slice(2), ["c: too_many_unproven_secrets", "d: too_many_unproven_secrets"]);
  void turns.ask("e");
  await turns.end("a");
  assert.deepEqual(turns.events.slice(4), ["e"]);
});

Deno.test("begin() pauses after each failure, twice as long each time, all that came from there for the app", async () => {
  const turns = new Turns();
  for (const [name, pauseMs] of [["a", 1_000], ["b", 2_000], ["c", 4_000], ["d", 8_000]] as const) {
    await turns.ask(name);
    await turns.end(name, refused("config"));
    const next = turns.ask(`after ${name}`);
    turns.clock.pass(pauseMs - 1);
    await turns.settle();
    assert.equal(turns.events.at(-1), name);
    turns.clock.pass(1);
    await next;
    assert.equal(turns.events.at(-1), `after ${name}`);
    await turns.end(`after ${name}`);
  }
  await turns.ask("e");
  await turns.end("e", refused("config"));
  await turns.ask("f");
  assert.equal(turns.events.at(-1), "f: too_many_unproven_secrets");
  await turns.ask("elsewhere", { address: "192.0.2.7" });
  assert.equal(turns.events.at(-1), "elsewhere");
});

Deno.test("begin() forgets the failures of an address once a secret of it was accepted", async () => {
  const turns = new Turns();
  await turns.ask("a");
  await turns.ask("b");
  await turns.end("a", refused("config"));
  await turns.end("b", ISSUED);
  await turns.ask("c");
  assert.equal(turns.events.at(-1), "c");
});

Deno.test("begin() takes a refusal of the token for none of the secret", async () => {
  const turns = new Turns();
  await turns.ask("a");
  await turns.end("a", refused("ambiguous"));
  await turns.ask("a");
  assert.deepEqual(turns.events, ["a", "a"]);
});

Deno.test("begin() takes what Feishu says of the app for nothing against the secret", async () => {
  const turns = new Turns();
  await turns.ask("good");
  await turns.end("good", ISSUED);
  await turns.ask("good");
  await turns.end("good", refused("config", "app_not_permitted"));
  await turns.ask("good");
  await turns.end("good", refused("transient", "rate_limited"));
  await turns.ask("good");
  await turns.ask("another");
  assert.deepEqual(turns.events, ["good", "good", "good", "good", "another"]);
});

Deno.test("begin() lets a secret pass for a day that Feishu has accepted, as itself or the store knows", async () => {
  const turns = new Turns();
  await turns.ask("good");
  await turns.end("good", ISSUED);
  for (const name of ["a", "b"]) await turns.ask(name);
  await turns.ask("good");
  assert.equal(turns.events.at(-1), "good");
  await turns.secrets.begin(attempt("known to the store"), 24 * 60 * 60_000 - 1);
  turns.clock.pass(24 * 60 * 60_000);
  void turns.ask("good");
  await turns.settle();
  assert.deepEqual(turns.events, ["good", "a", "b", "good"]);
  turns.stopping.abort(new Error("stopping"));
});

Deno.test("begin() lets all go that wait with a secret which Feishu has just accepted, and nobody else", async () => {
  const turns = new Turns();
  const others = ["a", "b"];
  for (const name of others) await turns.ask(name);
  const ends = [1, 2, 3].map(() => turns.ask("good"));
  void turns.ask("c");
  await turns.settle();
  await turns.end("a");
  // The first of them has its turn, and what Feishu says of it counts for the rest.
  await turns.end("good", ISSUED);
  await Promise.all(ends);
  assert.deepEqual(turns.events, ["a", "b", "good", "good", "good", "c"]);
});

Deno.test("begin() tells all that wait with a secret which Feishu has just refused, and sends it no more", async () => {
  const turns = new Turns();
  for (const name of ["a", "bad"]) await turns.ask(name);
  const waits = [turns.ask("bad"), turns.ask("bad")];
  await turns.settle();
  await turns.end("bad", refused("config"));
  await Promise.all(waits);
  assert.deepEqual(turns.events, ["a", "bad", "bad: credentials_refused", "bad: credentials_refused"]);
});

Deno.test("begin() learns that a secret was reset which Feishu had accepted, as itself or the store knew", async () => {
  for (const acceptedMsAgo of [undefined, 1_000]) {
    const turns = new Turns();
    await turns.ask("old");
    await turns.end("old", ISSUED);
    const again = await turns.secrets.begin(attempt("old"), acceptedMsAgo);
    again(refused("config"));
    await assert.rejects(turns.secrets.begin(attempt("old"), acceptedMsAgo), { code: "credentials_refused" });
  }
});

Deno.test("begin() takes an outage of Feishu's for nothing against the secret", async () => {
  const turns = new Turns();
  const detail = { en: "made up", zh: "虚构" };
  await turns.ask("a");
  await turns.end("a", { kind: "unanswered", sent: true, timedOut: true, detail });
  await turns.ask("b");
  assert.deepEqual(turns.events, ["a", "b"]);
});

Deno.test("begin() counts an IPv6 network of 64 bits as one address", async () => {
  const turns = new Turns();
  for (const [index, name] of ["a", "b", "c"].entries()) {
    void turns.ask(name, { address: `2001:db8::${index}` });
  }
  void turns.ask("elsewhere", { address: "2001:db8:0:1::1" });
  await turns.settle();
  assert.deepEqual(turns.events.toSorted(), ["a", "b", "elsewhere"]);
  turns.stopping.abort(new Error("stopping"));
});

Deno.test("begin() ends its waits when the process stops", async () => {
  const turns = new Turns();
  for (const name of ["a", "b", "c"]) void turns.ask(name);
  await turns.settle();
  turns.stopping.abort(new Error("stopping"));
  await turns.settle();
  assert.equal(turns.events.at(-1), "c: renewal_in_progress");
});

Deno.test("begin() remembers only the queues that are in use", async () => {
  const turns = new Turns();
  await turns.ask("a");
  await turns.end("a");
  for (const name of ["b", "c"]) await turns.ask(name);
  assert.deepEqual(turns.events, ["a", "b", "c"]);
});
