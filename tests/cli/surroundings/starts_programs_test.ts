import assert from "node:assert/strict";
import { startsPrograms } from "../../../src/cli/surroundings/starts_programs.ts";

Deno.test.each([undefined, "login", "token", "keep", "doctor", "sandbox"])(
  "startsPrograms() lets %s start no program, in whatever form it is",
  (command) => {
    const flags = { json: true } as const;
    assert.deepEqual([startsPrograms(command, false, flags), startsPrograms(command, true, flags)], [
      false,
      false,
    ]);
  },
);

Deno.test.each(["install", "uninstall"])(
  "startsPrograms() lets keep --%s start the system's own command",
  (flag) => {
    const flags = { [flag]: true } as const;
    assert.deepEqual([startsPrograms("keep", false, flags), startsPrograms("keep", true, flags)], [
      true,
      true,
    ]);
  },
);

Deno.test.each<[string, boolean]>([
  ["exec", true],
  ["install", true],
  ["uninstall", true],
  ["demo", false],
  ["playground", false],
])("startsPrograms() lets %s start programs, as a binary: %s", (command, asBinary) => {
  assert.deepEqual([startsPrograms(command, false), startsPrograms(command, true)], [true, asBinary]);
});
