import assert from "node:assert/strict";
import { defined } from "../../../src/defined.ts";
import { startsPrograms } from "../../../src/cli/surroundings/starts_programs.ts";

Deno.test.each([undefined, "login", "token", "keep", "doctor", "sandbox"])(
  "startsPrograms() lets %s start no program, in whatever form it is",
  (command) => {
    const line = { ...defined({ command }), ownFlags: { json: true } } as const;
    assert.deepEqual([startsPrograms(line, false), startsPrograms(line, true)], [false, false]);
  },
);

Deno.test.each(["install", "uninstall"])(
  "startsPrograms() lets keep --%s start the system's own command",
  (flag) => {
    const line = { command: "keep", ownFlags: { [flag]: true } } as const;
    assert.deepEqual([startsPrograms(line, false), startsPrograms(line, true)], [true, true]);
  },
);

Deno.test.each<[string, boolean]>([["exec", true], ["install", true], ["uninstall", true], ["demo", false], [
  "playground",
  false,
]])(
  "startsPrograms() lets %s start programs, as a binary: %s",
  (command, asBinary) => {
    const line = { command, ownFlags: {} };
    assert.deepEqual([startsPrograms(line, false), startsPrograms(line, true)], [true, asBinary]);
  },
);
