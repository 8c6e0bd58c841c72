import assert from "node:assert/strict";
import { BodyReader, type BodyReading } from "../../../src/http/body/body_reader.ts";
import { ByteBudget, type HeldBytes } from "../../../src/http/body/byte_budget.ts";
import { LEAST_CALL_BYTES } from "../../../src/http/body/least_call_bytes.ts";
import { ManualClock } from "../../support/manual_clock.ts";

const LIMIT_BYTES = 100_000;
/** What is read by `text()` and not by the stream. */
const SMALL_BYTES = 16 * 1024;
Deno.test("ByteBudget counts one owner at most that holds nothing", () => {
  const budget = new ByteBudget(1000);
  for (let owner = 0; owner < 50; owner++) {
    const share = budget.share(`10.0.0.${owner}`);
    assert.equal(share.hold(10), true);
    share.hold(0);
  }
  const [held, idle] = [budget.share("10.0.0.1"), budget.share("10.0.0.2")];
  held.hold(400);
  idle.hold(1);
  idle.hold(0);
  assert.equal(budget.owners, 2);
  assert.equal(budget.share("10.0.0.1").hold(200), false);
});

const PLENTY = new ByteBudget(1 << 30);

/** Reads one body. */
function read(request: Request, held: HeldBytes = PLENTY.share()): Promise<BodyReading> {
  return new BodyReader({ limitBytes: LIMIT_BYTES, clock: new ManualClock() }).read(request, held);
}

function request(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  return new Request("http://localhost/", { method: "POST", body, headers });
}

function chunks(...texts: string[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from(texts.map((text) => new TextEncoder().encode(text)));
}

/** A body whose rest never comes, and whether it was called off. */
function endless(first = "{"): { body: ReadableStream<Uint8Array<ArrayBuffer>>; isCancelled: () => boolean } {
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(first)),
    cancel: () => {
      isCancelled = true;
    },
  });
  return { body, isCancelled: () => isCancelled };
}

Deno.test.each([
  ["no length is declared", {}],
  ["a small length is declared", { "content-length": "6" }],
  ["a great length is declared", { "content-length": String(SMALL_BYTES + 1) }],
])("BodyReader returns the text when %s", async (_case, headers: Record<string, string>) => {
  assert.deepEqual(await read(request("飞书", headers)), { kind: "text", text: "飞书" });
});

Deno.test("BodyReader returns no text when there is no body", async () => {
  assert.deepEqual(await read(request(null)), { kind: "text", text: "" });
});

Deno.test("BodyReader takes a body of exactly the limit", async () => {
  const reading = await read(request(chunks("x".repeat(LIMIT_BYTES - 1), "y")));
  assert.equal(reading.kind === "text" ? reading.text.length : reading.kind, LIMIT_BYTES);
});

Deno.test("BodyReader leaves the body unread when the declared length is over the limit", async () => {
  const declared = request("x", { "content-length": String(LIMIT_BYTES + 1) });
  assert.deepEqual(await read(declared), { kind: "too_large" });
  assert.equal(declared.bodyUsed, false);
});

Deno.test("BodyReader gives up when undeclared chunks pass the limit", async () => {
  let pulled = 0;
  const flood = new ReadableStream<Uint8Array>({
    pull(controller): void {
      pulled += 1;
      controller.enqueue(new Uint8Array(LIMIT_BYTES / 4));
    },
  });
  assert.deepEqual(await read(request(flood)), { kind: "too_large" });
  assert.ok(pulled < 9);
});

Deno.test("BodyReader does not believe the declared length when a transfer coding is named", async () => {
  const lying = request(chunks("x".repeat(LIMIT_BYTES), "y"), {
    "content-length": "4",
    "transfer-encoding": "chunked",
  });
  assert.deepEqual(await read(lying), { kind: "too_large" });
});

Deno.test("BodyReader puts together a character that two chunks share", async () => {
  const [first, second] = [new Uint8Array([0xe9, 0xa3]), new Uint8Array([0x9e])];
  assert.deepEqual(await read(request(ReadableStream.from([first, second]))), { kind: "text", text: "飞" });
});

Deno.test("BodyReader says broken when the sender fails", async () => {
  const failing = (): ReadableStream =>
    new ReadableStream({ start: (controller) => controller.error(new Error("gone")) });
  assert.deepEqual(await read(request(failing())), { kind: "broken" });
  assert.deepEqual(await read(request(failing(), { "content-length": "4" })), { kind: "broken" });
});

Deno.test.each<[string, Record<string, string>]>([
  ["of undeclared length", {}],
  ["that declared a small length", { "content-length": "9" }],
  ["that declared a great length", { "content-length": String(SMALL_BYTES + 1) }],
])("BodyReader gives up a body %s that does not end within 30 s, and no other", async (_case, headers) => {
  const clock = new ManualClock();
  const reader = new BodyReader({ limitBytes: LIMIT_BYTES, clock });
  const late = reader.read(request(endless().body, headers), PLENTY.share());
  clock.pass(20_000);
  const later = reader.read(request(endless().body, headers), PLENTY.share());
  clock.pass(10_000);
  assert.deepEqual(await late, { kind: "timed_out" });
  assert.equal(await Promise.race([later, Promise.resolve("still read")]), "still read");
  clock.pass(20_000);
  assert.deepEqual(await later, { kind: "timed_out" });
});

Deno.test("BodyReader calls a body off that it gives up", async () => {
  const clock = new ManualClock();
  const { body, isCancelled } = endless();
  const reading = new BodyReader({ limitBytes: LIMIT_BYTES, clock }).read(request(body), PLENTY.share());
  clock.pass(30_000);
  await reading;
  assert.equal(isCancelled(), true);
});

Deno.test("BodyReader has one timer for all bodies, and none when nothing was read for 30 s", async () => {
  const clock = new ManualClock();
  const reader = new BodyReader({ limitBytes: LIMIT_BYTES, clock });
  await Promise.all(Array.from({ length: 50 }, () => reader.read(request("x"), PLENTY.share())));
  assert.equal(clock.sleeping, 1);
  clock.pass(30_000);
  await Promise.resolve();
  assert.equal(clock.sleeping, 0);
});

Deno.test("BodyReader gives up at once what is still read when the server stops", async () => {
  const clock = new ManualClock();
  const stopping = new AbortController();
  const reader = new BodyReader({ limitBytes: LIMIT_BYTES, clock, stopping: stopping.signal });
  const declared = reader.read(request(endless().body, { "content-length": "9" }), PLENTY.share());
  const undeclared = reader.read(request(endless().body), PLENTY.share());
  stopping.abort();
  assert.deepEqual([await declared, await undeclared], [{ kind: "stopping" }, { kind: "stopping" }]);
  assert.deepEqual(await reader.read(request("x"), PLENTY.share()), { kind: "stopping" });
  assert.equal(clock.sleeping, 0);
});

const KIB = 1024;

/** Room for two bodies of 16 KiB of each kind. */
function narrowReader(): BodyReader {
  const bytes = 2 * SMALL_BYTES;
  const clock = new ManualClock();
  return new BodyReader({ limitBytes: LIMIT_BYTES, clock, allSmallBytes: bytes, allLargeBytes: bytes });
}

function small(bytes: number): Request {
  return request("x".repeat(bytes), { "content-length": String(bytes) });
}

Deno.test("BodyReader reads no more than all requests together may hold, small ones apart from others", async () => {
  const reader = narrowReader();
  const [longest, large] = [(): Request => small(SMALL_BYTES), (): Request => request("x".repeat(20_000))];
  const requests = [large(), large(), longest(), longest(), longest()];
  const shares = requests.map((each) => ({ each, held: reader.share(each) }));
  const kinds: string[] = [];
  for (const { each, held } of shares) kinds.push((await reader.read(each, held)).kind);
  assert.deepEqual(kinds, ["text", "busy", "text", "text", "busy"]);
  for (const { held } of shares) held.hold(0);
  const again = [large(), longest()];
  for (const each of again) assert.equal((await reader.read(each, reader.share(each))).kind, "text");
});

Deno.test("BodyReader counts each call as 8 KiB at the least", async () => {
  const reader = narrowReader();
  const kinds: string[] = [];
  for (let count = 0; count < 5; count++) {
    const each = small(100);
    kinds.push((await reader.read(each, reader.share(each))).kind);
  }
  assert.deepEqual(kinds, ["text", "text", "text", "text", "busy"]);
});

Deno.test.each<[string, Record<string, string>]>([
  ["of undeclared length", {}],
  ["that declared a great length", { "content-length": String(SMALL_BYTES + 1) }],
  ["that declared a small length", { "content-length": String(SMALL_BYTES) }],
])("BodyReader gives up the oldest unfinished body for a newcomer, bodies %s", async (_case, headers) => {
  const reader = narrowReader();
  const arrive = (body: BodyInit, owner?: string): Promise<BodyReading> => {
    const each = request(body, headers);
    return reader.read(each, reader.share(each, owner));
  };
  const stuck = (): BodyInit => endless("x".repeat(12 * KIB)).body;
  const readings = [arrive(stuck()), arrive(stuck())];
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await arrive("x".repeat(12 * KIB))).kind, "text");
  assert.deepEqual(await readings[0], { kind: "crowded_out" });
  assert.equal(await Promise.race([readings[1], Promise.resolve("still read")]), "still read");
});

Deno.test("BodyReader gives up nobody else's body for one who holds as much as one may", async () => {
  const reader = narrowReader();
  const arrive = (each: Request, owner: string): Promise<BodyReading> =>
    reader.read(each, reader.share(each, owner));
  const stuck = (): Request => request(endless().body, { "content-length": "9" });
  const others = arrive(stuck(), "other");
  assert.equal((await arrive(small(9), "one")).kind, "text");
  const own = arrive(stuck(), "one");
  assert.equal((await arrive(small(9), "one")).kind, "text");
  assert.deepEqual(await own, { kind: "crowded_out" });
  assert.deepEqual(await arrive(small(9), "one"), { kind: "busy" });
  assert.equal((await arrive(small(9), "third")).kind, "text");
  assert.equal(await Promise.race([others, Promise.resolve("still read")]), "still read");
});

Deno.test("BodyReader holds little more than a body has when it comes in single bytes", async () => {
  const budget = new ByteBudget(LEAST_CALL_BYTES);
  const reading = await read(request(chunks(..."x".repeat(2048))), budget.share());
  assert.equal(reading.kind === "text" ? reading.text.length : reading.kind, 2048);
});
