import assert from "node:assert/strict";
import { tooOldDeno } from "../../../src/cli/surroundings/too_old_deno.ts";

Deno.test.each(["2.4.4", "2.0.0", "1.46.3"])("tooOldDeno() says what to do about %s", (version) => {
  assert.equal(
    tooOldDeno(version)?.message,
    `Deno ${version} is too old: run \`deno upgrade\`, or \`npx -y deno@2.9.6\` in place of \`deno\`: ` +
      "2.5 is the oldest that works",
  );
});

Deno.test.each(["2.5.0", "2.9.6", "2.10.0", "3.0.0", "2.9.6-rc.1"])(
  "tooOldDeno() finds nothing in %s",
  (version) => {
    assert.equal(tooOldDeno(version), undefined);
  },
);
