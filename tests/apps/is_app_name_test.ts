import assert from "node:assert/strict";
import { isAppName } from "../../src/apps/is_app_name.ts";

for (const name of ["work", "工作", "a", "my-app_2.0", "x".repeat(31)]) {
  Deno.test(`\`isAppName()\` takes ${name}`, () => assert.equal(isAppName(name), true));
}

for (
  const [why, name] of [
    ["nothing", ""],
    ["a blank", "my app"],
    ["a hyphen at the start, as a flag", "-work"],
    ["a line break", "a\nb"],
    ["41 letters", "x".repeat(41)],
    ["the form of an app secret", "sandboxSecretThatOpensNothing001"],
  ] as const
) {
  Deno.test(`\`isAppName()\` refuses ${why}`, () => assert.equal(isAppName(name), false));
}
