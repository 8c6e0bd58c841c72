import assert from "node:assert/strict";
import { startsPrograms } from "../../../src/cli/surroundings/starts_programs.ts";

Deno.test.each([undefined, "login", "token", "keep", "doctor", "sandbox"])(
  "startsPrograms() lets nothing but exec start a program where it is compiled, and not %s anywhere",
  (command) => {
    assert.deepEqual([startsPrograms(command, false), startsPrograms(command, true)], [false, false]);
  },
);

Deno.test.each<[string, boolean]>([["exec", true], ["demo", false], ["playground", false]])(
  "startsPrograms() lets %s start programs, as a binary: %s",
  (command, asBinary) => {
    assert.deepEqual([startsPrograms(command, false), startsPrograms(command, true)], [true, asBinary]);
  },
);
