import assert from "node:assert/strict";
// @ts-types="@modelcontextprotocol/sdk/client/stdio"
import { DEFAULT_INHERITED_ENV_VARS } from "@modelcontextprotocol/sdk/client/stdio.js";
import { clientEnvironment, inheritedVariables } from "../../../src/cli/launch/client_environment.ts";

Deno.test("inheritedVariables() has those that the SDK's client passes on", () => {
  assert.deepEqual(inheritedVariables(Deno.build.os), DEFAULT_INHERITED_ENV_VARS);
});

Deno.test("clientEnvironment() passes on what is set, and no function of a shell", () => {
  const variables: Record<string, string> = {
    HOME: "/home/小明",
    PATH: "",
    SHELL: "() { :; }",
    HTTPS_PROXY: "http://x",
    FEISHU_APP_SECRET: "planted",
  };
  const env = (name: string): string | undefined => variables[name];
  assert.deepEqual(clientEnvironment({ os: "linux", env }), { HOME: "/home/小明", PATH: "" });
});
