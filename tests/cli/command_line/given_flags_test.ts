import assert from "node:assert/strict";
import { givenFlags, placeFlags } from "../../../src/cli/command_line/given_flags.ts";

Deno.test("givenFlags() repeats what was given, quoted for a shell, and no secret", () => {
  assert.deepEqual(
    givenFlags({ kv: "/it's mine.kv", stdio: true, baseUrl: "http://user:planted@127.0.0.1/" }).toSorted(),
    ["--base-url", "--kv", "--stdio", "'/it'\\''s mine.kv'", "…"].toSorted(),
  );
});

Deno.test("placeFlags() repeats what names store, app and Feishu", () => {
  const flags = { kv: "/t.kv", app: "work", logLevel: "debug", sandboxState: "/s.json" };
  assert.deepEqual(placeFlags(flags), ["--app", "work", "--kv", "/t.kv", "--sandbox-state", "/s.json"]);
});
