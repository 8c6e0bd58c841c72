import assert from "node:assert/strict";
import manifest from "../../../deno.json" with { type: "json" };
import { permissionSet } from "../../../packaging/npm/bin/permission_set.mjs";
import { launcherWords } from "../../../packaging/npm/launcher_words.ts";
import { serverConfig } from "../../../packaging/server_config.ts";
import { COMMANDS } from "../../../src/cli/command_line/commands.ts";
import { startsPrograms } from "../../../src/cli/surroundings/starts_programs.ts";

const words = launcherWords();

Deno.test.each<[string]>([
  [""],
  ["--stdio"],
  ["start --port 0"],
  ["serve"],
  ["doctor"],
  ["token app --min-ttl 300"],
  ["keep"],
  ["--kv exec"],
  ["--port 0 --kv setup --stdio"],
  ["-- exec"],
  ["--kv=exec token app"],
  ["constructor"],
  ["hasOwnProperty"],
])("permissionSet() lets `%s` start no program", (line) => {
  assert.equal(permissionSet(line.split(" ").filter((word) => word !== ""), words), "serve");
});

Deno.test.each<[string]>([
  ["exec -- printenv"],
  ["--kv tokens.kv exec --as tenant -- true"],
  ["--kv=tokens.kv --stdio exec"],
  ["setup"],
  ["install --client cursor"],
  ["uninstall"],
  ["keep --install"],
  ["--lang zh keep --uninstall"],
  ["demo"],
])("permissionSet() lets `%s` start programs", (line) => {
  assert.equal(
    permissionSet(line.split(" "), { ...words, startingPrograms: { ...words.startingPrograms, exec: [] } }),
    "cli",
  );
});

Deno.test("launcherWords() has every command that starts programs, and no server", () => {
  const starting = Object.keys(COMMANDS).filter((command) => startsPrograms(command, false));
  assert.deepEqual(starting.filter((command) => words.startingPrograms[command] === undefined), []);
  for (const server of ["start", "serve"]) assert.equal(words.startingPrograms[server], undefined);
});

Deno.test("serverConfig() has the sets of the project: cli is serve, all of the environment, and starting programs", () => {
  const { permissions: { serve, cli }, unstable } = manifest;
  assert.deepEqual(serverConfig(), { unstable, lock: false, permissions: { serve, cli } });
  assert.deepEqual(cli, { ...serve, env: true, run: true });
  assert.equal("run" in serve, false);
});
