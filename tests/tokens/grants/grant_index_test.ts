import assert from "node:assert/strict";
import type { AppCredentials } from "../../../src/ports/feishu.ts";
import type { SealedValues } from "../../../src/ports/sealed_values.ts";
import type { TokenRecord } from "../../../src/ports/store.ts";
import { Secret } from "../../../src/secret.ts";
import { GrantIndex, INDEX_VALUES, type IndexedGrant } from "../../../src/tokens/grants/grant_index.ts";
import type { RecordRef } from "../../../src/tokens/renewal/record_ref.ts";
import { issued, startGrantProcess } from "../../support/grant_world.ts";
import { TokenWorld } from "../../support/token_world.ts";

const FAR_MS = Date.UTC(2200, 0, 1);
const DEADLINE_MS = 3_000;
const DAY_MS = 86_400_000;

/** The index of a real store, and what is in it. */
async function indexOf(
  world: TokenWorld,
): Promise<{ index: GrantIndex; values: SealedValues<IndexedGrant> }> {
  const { store } = await startGrantProcess(world);
  const values = store.sealedValues(INDEX_VALUES);
  assert(values !== null);
  return { index: new GrantIndex(values), values };
}

function grantOf(credentials: AppCredentials, user: string): RecordRef {
  return { name: { kind: "grant", credentials, user }, key: `grant ${user}`, spends: true };
}

function recordOf(token: Partial<TokenRecord["token"]> = {}): TokenRecord {
  return { login: 1, gen: 1, fp: "a-fingerprint", secretFp: "another", token: { ...issued("r1"), ...token } };
}

Deno.test("due() gives the grants that are due, those first whose refresh tokens end soonest", async () => {
  await using world = await TokenWorld.create();
  const { index, values } = await indexOf(world);
  const entry = { brand: "feishu", appId: "cli_a", dueAtMs: 1_000, endsAtMs: 9_000 } as const;
  const entries: IndexedGrant[] = [
    { ...entry, user: "late", endsAtMs: 9_000 },
    { ...entry, user: "soon", endsAtMs: 5_000 },
    { ...entry, user: "not yet", dueAtMs: 2_001 },
    { ...entry, user: "between", endsAtMs: 7_000, recordBrand: "lark" },
  ];
  for (const each of entries) await values.put(each.user, each, { endsAtMs: null, deadlineMs: DEADLINE_MS });
  const due = await index.due(2_000);
  assert.deepEqual(due.map(({ value: { user } }) => user), ["soon", "between", "late"]);
  assert.equal(due[1]?.value.recordBrand, "lark");
});

Deno.test("a refresh token whose life Feishu does not tell is renewed as one of a week", async () => {
  await using world = await TokenWorld.create();
  const { index, values } = await indexOf(world);
  const { refreshExpiresAtMs: _end, ...token } = issued("r1");
  const record: TokenRecord = { ...recordOf(), token };
  const ref = grantOf(world.credentials, "ou_a");
  const store = (await startGrantProcess(world)).store.records;
  await store.write(ref.name, {
    check: {},
    set: { token: record },
    also: await index.changed(ref, record),
    deadlineMs: DEADLINE_MS,
  });
  const [entry] = await Array.fromAsync(values.list());
  const issuedAtMs = token.expiresAtMs - token.lifetimeMs;
  assert.equal(entry?.value.endsAtMs, issuedAtMs + 7 * DAY_MS);
});

Deno.test("what is no grant has no entry, and a grant that cannot be renewed is never due", async () => {
  await using world = await TokenWorld.create();
  const { index } = await indexOf(world);
  const caller: RecordRef = {
    name: { kind: "caller", credentials: world.credentials, presented: new Secret("rt") },
    key: "caller",
    spends: true,
  };
  assert.deepEqual(await index.changed(caller, recordOf()), []);
  const { refreshToken: _token, ...token } = issued("r1");
  const store = (await startGrantProcess(world)).store.records;
  const ref = grantOf(world.credentials, "ou_a");
  const write = async (record: TokenRecord): Promise<void> => {
    const also = await index.changed(ref, record);
    await store.write(ref.name, { check: {}, set: { token: record }, also, deadlineMs: DEADLINE_MS });
  };
  await write(recordOf());
  assert.equal((await index.due(FAR_MS)).length, 1);
  await write({ ...recordOf(), token });
  assert.deepEqual(await index.due(FAR_MS), []);
  assert.deepEqual((await index.all()).map(({ value: { dueAtMs } }) => dueAtMs), [null]);
});
