import assert from "node:assert/strict";
import type { CallVia } from "../../src/sandbox/calls.ts";
import { PATHS, text } from "./asked_sandbox.ts";
import { ListeningSandbox } from "./served_sandbox.ts";

/** Gives the client `name` an address; its origin. */
async function addressOf(sandbox: ListeningSandbox, name: string, clock_skew_seconds = 0): Promise<string> {
  const { json } = await sandbox.send("POST", "/_sandbox/clients", { name, clock_skew_seconds });
  return text(json.url);
}

/** Asks for a tenant token at the address `url`. */
async function askAt(url: string, signal?: AbortSignal): Promise<void> {
  const response = await fetch(url + PATHS.tenantToken, {
    method: "POST",
    headers: { connection: "close" },
    body: JSON.stringify({ app_id: "cli_5a4db0c000000001", app_secret: "sandboxSecretThatOpensNothing001" }),
    ...(signal === undefined ? {} : { signal }),
  });
  await response.text();
}

async function viaOfFirstCall(sandbox: ListeningSandbox): Promise<CallVia | undefined> {
  return (await sandbox.calls())[0]?.via;
}

Deno.test("POST /_sandbox/clients gives an address whose calls are recorded under the client's name", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { json } = await sandbox.send("POST", "/_sandbox/clients", { name: "one" });
  assert.equal(json.monotonic_ms, 0);
  assert.notEqual(json.url, sandbox.url);
  sandbox.base.pass(250);
  await askAt(text(json.url));
  await sandbox.tenantToken();
  const [first, second] = await sandbox.calls();
  assert.deepEqual(first?.via, { client: "one", began_ms: 250, ended_ms: 250, end: "answered" });
  assert.equal(first?.outcome, "accepted");
  assert.equal(second?.via, undefined);
});

Deno.test("POST /_sandbox/clients gives a client's clock its skew, and nobody else's", async () => {
  await using sandbox = await ListeningSandbox.start();
  const url = await addressOf(sandbox, "one", -90);
  await sandbox.send("POST", "/_sandbox/clock", { advance_seconds: 60 });
  const offsetAt = async (origin: string): Promise<unknown> => {
    const response = await fetch(`${origin}/_sandbox/clock`, { headers: { connection: "close" } });
    const { offset_seconds } = await response.json();
    assert.equal(response.headers.get("x-sandbox-clock-offset"), String(offset_seconds));
    return offset_seconds;
  };
  assert.equal(await offsetAt(url), -30);
  assert.equal(await offsetAt(sandbox.url), 60);
});

Deno.test("POST /_sandbox/clients leaves a known client its address and takes the new skew", async () => {
  await using sandbox = await ListeningSandbox.start();
  const url = await addressOf(sandbox, "one");
  assert.equal(await addressOf(sandbox, "one", 5), url);
  const response = await fetch(`${url}/_sandbox/clock`, { headers: { connection: "close" } });
  assert.equal((await response.json()).offset_seconds, 5);
});

Deno.test("GET /_sandbox/calls tells when a client left before it was answered", async () => {
  await using sandbox = await ListeningSandbox.start();
  const url = await addressOf(sandbox, "one");
  await sandbox.fault({ kind: "slow", ms: 900 });
  const leave = new AbortController();
  const left = assert.rejects(askAt(url, leave.signal));
  await sandbox.base.untilSleeping(1);
  assert.deepEqual(await viaOfFirstCall(sandbox), { client: "one", began_ms: 0 });
  leave.abort();
  await left;
  while ((await viaOfFirstCall(sandbox))?.end === undefined);
  sandbox.base.pass(900);
  while ((await sandbox.calls())[0]?.outcome === "pending");
  assert.deepEqual(await viaOfFirstCall(sandbox), { client: "one", began_ms: 0, ended_ms: 0, end: "left" });
});

Deno.test("GET /_sandbox/calls?after=SEQ shows the later calls alone", async () => {
  await using sandbox = await ListeningSandbox.start();
  for (let count = 0; count < 3; count++) await sandbox.tenantToken();
  const { calls } = (await sandbox.send("GET", "/_sandbox/calls?after=2")).json;
  assert(Array.isArray(calls));
  assert.deepEqual(calls.map(({ seq }) => seq), [3]);
});

Deno.test("GET /_sandbox/calls?client=NAME shows the calls of that client alone", async () => {
  await using sandbox = await ListeningSandbox.start();
  for (const name of ["one", "other"]) await askAt(await addressOf(sandbox, name));
  const { calls } = (await sandbox.send("GET", "/_sandbox/calls?client=other&after=0")).json;
  assert(Array.isArray(calls));
  assert.deepEqual(calls.map(({ seq }) => seq), [2]);
});

Deno.test("POST /_sandbox/faults hits the named client alone", async () => {
  await using sandbox = await ListeningSandbox.start();
  const one = await addressOf(sandbox, "one");
  const other = await addressOf(sandbox, "other");
  await sandbox.fault({ kind: "drop_before", client: "one" });
  await askAt(other);
  assert.equal((await sandbox.tenantToken()).status, 200);
  await assert.rejects(askAt(one), TypeError);
  const [fault] = (await sandbox.send("GET", "/_sandbox/faults")).json.faults as readonly unknown[];
  assert.deepEqual(fault, { id: 1, client: "one", kind: "drop_before" });
});

Deno.test("DELETE /_sandbox/clients takes an address away and says whether there was one", async () => {
  await using sandbox = await ListeningSandbox.start();
  const url = await addressOf(sandbox, "one");
  const remove = async (): Promise<unknown> =>
    (await sandbox.send("DELETE", "/_sandbox/clients?name=one")).json.removed;
  assert.equal(await remove(), 1);
  await assert.rejects(askAt(url), TypeError);
  assert.equal(await remove(), 0);
  assert.notEqual(await addressOf(sandbox, "one"), url);
});

Deno.test("POST /_sandbox/reset takes every client's address away", async () => {
  await using sandbox = await ListeningSandbox.start();
  const url = await addressOf(sandbox, "one");
  await sandbox.send("POST", "/_sandbox/reset");
  await assert.rejects(askAt(url), TypeError);
});
