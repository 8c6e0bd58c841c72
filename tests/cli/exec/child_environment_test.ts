import assert from "node:assert/strict";
import { childEnvironment } from "../../../src/cli/exec/child_environment.ts";
import { setting, settingNames } from "../../../src/settings.ts";

const TOKEN = { kind: "tenant", token: "t-1", os: "linux" } as const;

Deno.test("childEnvironment() adds the token to what the program had anyway", () => {
  const own = {
    PATH: "/usr/bin",
    HOME: "/root",
    PORT: "3000",
    FEISHU_APP_ID: "cli_a1b2c3d4",
    FEISHU_BRAND: "lark",
  };
  assert.deepEqual(childEnvironment({ own, ...TOKEN }), { ...own, FEISHU_TENANT_ACCESS_TOKEN: "t-1" });
});

Deno.test("childEnvironment() takes out our settings, every secret, and any other token", () => {
  const names = [
    ...settingNames().map((name) => setting(name).variable ?? "FEISHU_TOKEN_KEY"),
    "FEISHU_TOKEN_OF_A_LATER_VERSION",
    "DENO_KV_ACCESS_TOKEN",
    "FEISHU_REFRESH_TOKEN",
    "FEISHU_USER_ACCESS_TOKEN",
    "FEISHU_APP_ACCESS_TOKEN",
    "FEISHU_TENANT_ACCESS_TOKEN",
  ];
  const own = Object.fromEntries(names.map((name) => [name, "planted"]));
  const { FEISHU_TENANT_ACCESS_TOKEN, ...rest } = childEnvironment({ own, ...TOKEN });
  assert.equal(FEISHU_TENANT_ACCESS_TOKEN, "t-1");
  assert.deepEqual(Object.keys(rest).toSorted(), [
    "FEISHU_APP_ID",
    "FEISHU_BASE_URL",
    "FEISHU_BRAND",
    "PORT",
  ]);
});

Deno.test("childEnvironment() knows a variable in any case when the system is Windows", () => {
  const own = { Feishu_App_Secret: "planted", Path: "C:\\" };
  assert.deepEqual(Object.keys(childEnvironment({ own, ...TOKEN, os: "windows" })), [
    "Path",
    "FEISHU_TENANT_ACCESS_TOKEN",
  ]);
  assert.ok("Feishu_App_Secret" in childEnvironment({ own, ...TOKEN }));
});
