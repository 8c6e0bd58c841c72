import assert from "node:assert/strict";
import { resumeCommand } from "../../../src/cli/login/resume_command.ts";
import { Secret } from "../../../src/secret.ts";

Deno.test("resumeCommand() repeats the flags of settings, quoted for a shell where they need it", () => {
  const flags = { kv: "/var/my store/it's.kv", envFile: ".env", sandbox: true } as const;
  assert.match(
    resumeCommand(new Secret("aGFuZGxl"), flags),
    / login --resume aGFuZGxl --kv '\/var\/my store\/it'\\''s\.kv' --sandbox --env-file \.env$/,
  );
});

Deno.test("resumeCommand() ties an id to its flag that would be read as a flag itself", () => {
  assert.match(resumeCommand(new Secret("-GFuZGxl"), {}, true), / login --replace --resume=-GFuZGxl$/);
});
