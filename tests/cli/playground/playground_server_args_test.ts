import assert from "node:assert/strict";
import { playgroundServerArgs } from "../../../src/cli/playground/playground_server_args.ts";
import type { ConfigSources } from "../../../src/config.ts";

const COMMON = ["--port", "0", "--log-format", "json", "--lang", "zh"];
const SANDBOX = [...COMMON, "--sandbox", "--sandbox-port", "0"];
const APP = { FEISHU_APP_ID: "cli_a1b2c3", FEISHU_APP_SECRET: "planted" };

Deno.test.each<[string, Partial<ConfigSources>, readonly string[]]>([
  ["a sandbox without credentials", {}, SANDBOX],
  ["a sandbox when they are blank", { env: () => " " }, SANDBOX],
  [
    "the real Feishu with those of the environment",
    { env: (name) => new Map(Object.entries(APP)).get(name) },
    COMMON,
  ],
  ["the real Feishu with those of a file", { flags: { envFile: ".env" }, file: APP }, [
    ...COMMON,
    "--env-file",
    ".env",
  ]],
  ["the real Feishu with those of an optional file", { flags: { envFileIfExists: "a.env" }, file: APP }, [
    ...COMMON,
    "--env-file-if-exists",
    "a.env",
  ]],
  ["a sandbox when the file has none", { flags: { envFile: ".env" }, file: { OTHER: "1" } }, SANDBOX],
])("playgroundServerArgs() is for %s", (_case, given, expected) => {
  const sources: ConfigSources = { flags: {}, env: () => undefined, file: {}, isTerminal: false, ...given };
  assert.deepEqual(playgroundServerArgs(sources, "zh"), expected);
});
