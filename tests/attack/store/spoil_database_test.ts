import assert from "node:assert/strict";
import { spoilDatabase, SPOILINGS } from "../../../attack/store/spoil_database.ts";
import { Chance } from "../../../harness/chance.ts";

const GOOD = Uint8Array.from({ length: 12 * 4_096 }, (_, at) => at % 251);

Deno.test.each(SPOILINGS.map((kind) => [kind] as const))(
  "spoilDatabase() spoils by %s, the same for the same seed",
  (kind) => {
    const spoilt = spoilDatabase(GOOD, kind, new Chance(3));
    assert.notDeepEqual(spoilt, GOOD);
    assert.deepEqual(spoilDatabase(GOOD, kind, new Chance(3)), spoilt);
  },
);

Deno.test("spoilDatabase() leaves what it was given as it is", () => {
  const before = GOOD.slice();
  for (const kind of SPOILINGS) spoilDatabase(GOOD, kind, new Chance(3));
  assert.deepEqual(GOOD, before);
});
