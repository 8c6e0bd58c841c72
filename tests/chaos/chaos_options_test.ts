import assert from "node:assert/strict";
import { chaosCommand, readChaosOptions } from "../../chaos/chaos_options.ts";

Deno.test("readChaosOptions() takes 4 processes, 200 kills, a file and any seed where nothing is said", () => {
  assert.deepEqual(readChaosOptions([], 7), {
    ...{ processes: 4, kills: 200, store: "file", seed: 7 },
    ...{ logins: false, behaviour: {} },
  });
});

Deno.test("readChaosOptions() takes what chaosCommand() says", () => {
  const options = {
    processes: 2,
    kills: 9,
    store: "denokv",
    seed: 0,
    logins: true,
    behaviour: { second_login_kills_first: true, revoke_kills_family: false },
  } as const;
  const [, , , ...args] = chaosCommand(options).split(" ");
  assert.deepEqual(readChaosOptions(args, 7), options);
});

Deno.test.each([
  [["--kills", "0"], /^--kills 0: a whole number from 1 to 100000 is wanted$/],
  [["--kills", "many"], /^--kills many: a whole number/],
  [["--kills", "1e3"], /^--kills 1e3: a whole number/],
  [["--processes", "33"], /^--processes 33: a whole number from 1 to 32/],
  [["--seed", "4294967296"], /^--seed 4294967296: a whole number/],
  [["--seed=-1"], /^--seed -1: a whole number/],
  [["--store", "redis"], /^There is no store "redis": --store file, or --store denokv$/],
  [["--behaviour", "kind=true"], /^--behaviour kind=true: SWITCH=true or SWITCH=false is wanted/],
  [["--behaviour", "auth_claims=no"], /^--behaviour auth_claims=no: SWITCH=true/],
  [["--kill", "3"], /^Unknown option '--kill'.*deno task chaos \[--processes/],
  [["--kills"], /kills.*deno task chaos \[--processes/],
  [["200"], /'200'.*deno task chaos \[--processes/],
])("readChaosOptions() says of %j what is wanted", (args, expected) => {
  assert.throws(() => readChaosOptions(args, 7), { name: "ChaosError", message: expected });
});
