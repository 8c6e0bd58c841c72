import assert from "node:assert/strict";
import type { ClearedPair, Journal, RecordName, TokenRecord } from "../../../src/ports/store.ts";
import { Secret } from "../../../src/secret.ts";
import { MovedJournal } from "../../../src/store/journal/moved_journal.ts";
import { issued } from "../../support/grant_world.ts";

/** A journal of one record, in memory. */
class MemoryJournal implements Journal {
  readonly pairs: TokenRecord[] = [];
  isFull = false;

  put(_name: RecordName, record: TokenRecord): Promise<void> {
    if (this.isFull) return Promise.reject(new Error("No space left on device"));
    this.pairs.push(record);
    return Promise.resolve();
  }

  newest(): Promise<TokenRecord | null> {
    return Promise.resolve(this.pairs.at(-1) ?? null);
  }

  find(_name: RecordName, fp: string): Promise<TokenRecord | null> {
    return Promise.resolve(this.pairs.find((pair) => pair.fp === fp) ?? null);
  }

  clear(_name: RecordName, upTo: ClearedPair): Promise<void> {
    this.pairs.splice(0, Infinity, ...this.pairs.filter((pair) => pair.gen > upTo.gen));
    return Promise.resolve();
  }

  probe(): Promise<void> {
    return Promise.resolve();
  }
}

const NAME: RecordName = {
  kind: "caller",
  credentials: { brand: "feishu", appId: "cli_a", appSecret: new Secret("a-secret") },
  presented: new Secret("rt0"),
};
const PAIR: TokenRecord = { login: 0, gen: 1, fp: "former", secretFp: "former secret", token: issued("rt1") };

function moved(): { journal: MovedJournal; now: MemoryJournal; former: MemoryJournal } {
  const [now, former] = [new MemoryJournal(), new MemoryJournal()];
  const fingerprints = {
    ofToken: (_credentials: unknown, token: Secret) => Promise.resolve(`of ${token.reveal()}`),
    ofAppSecret: () => Promise.resolve("of the secret"),
  };
  return { journal: new MovedJournal({ now, former, fingerprints }), now, former };
}

Deno.test("a pair under its former name is found with the new fingerprints, and is under the new name then", async () => {
  const { journal, now, former } = moved();
  former.pairs.push(PAIR);
  const found = await journal.newest(NAME);
  assert.deepEqual([found?.fp, found?.secretFp], ["of rt1", "of the secret"]);
  assert.equal((await journal.find(NAME, "of rt1"))?.token, PAIR.token);
  assert.deepEqual([now.pairs.length, former.pairs.length], [1, 0]);
});

Deno.test("a pair that cannot be written under its new name stays under the former one", async () => {
  const { journal, now, former } = moved();
  former.pairs.push(PAIR);
  now.isFull = true;
  await assert.rejects(journal.newest(NAME));
  assert.deepEqual(former.pairs, [PAIR]);
});

Deno.test("nothing is looked for where the app's secret is not at hand", async () => {
  const { journal, former } = moved();
  former.pairs.push(PAIR);
  const credentials = { ...NAME.credentials, appSecret: new Secret("") };
  assert.equal(await journal.newest({ ...NAME, credentials }), null);
});
