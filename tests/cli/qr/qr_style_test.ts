import assert from "node:assert/strict";
import { qrStyle } from "../../../src/cli/qr/qr_style.ts";

Deno.test.each<[string, Record<string, string>, string]>([
  ["the locale is UTF-8", { LANG: "en_US.UTF-8" }, "half blocks"],
  ["the locale of characters alone is", { LC_CTYPE: "UTF-8", LANG: "C" }, "half blocks"],
  ["nothing names a locale", {}, "backgrounds"],
  ["the locale is another", { LANG: "zh_CN.GBK" }, "backgrounds"],
  ["a stronger variable names another", { LC_ALL: "C", LANG: "en_US.UTF-8" }, "backgrounds"],
  ["colours are not wanted", { LANG: "en_US.UTF-8", NO_COLOR: "1" }, "none"],
  ["NO_COLOR is empty", { LANG: "en_US.UTF-8", NO_COLOR: "" }, "half blocks"],
  ["the terminal knows no colours", { LANG: "en_US.UTF-8", TERM: "dumb" }, "none"],
])("qrStyle() when %s", (_case, env, style) => {
  assert.equal(qrStyle({ isTerminal: true, env: (name) => env[name], os: "linux" }), style);
});

Deno.test("qrStyle() is none when standard error is no terminal", () => {
  const env = (name: string): string | undefined => name === "LANG" ? "en_US.UTF-8" : undefined;
  assert.equal(qrStyle({ isTerminal: false, env, os: "linux" }), "none");
});

Deno.test("qrStyle() trusts the terminals of Windows, which have no locale", () => {
  assert.equal(qrStyle({ isTerminal: true, env: () => undefined, os: "windows" }), "half blocks");
});
