import assert from "node:assert/strict";
import type { DoctorMachine } from "../../../src/cli/doctor/doctor_machine.ts";
import { checkRuntime } from "../../../src/cli/doctor/check_runtime.ts";

function machine(given: Partial<DoctorMachine> = {}): DoctorMachine {
  return {
    denoVersion: "2.9.6",
    hasKv: true,
    isAllowed: () => Promise.resolve(true),
    knock: () => Promise.resolve("open"),
    userId: () => Promise.resolve(undefined),
    fileSystemType: () => Promise.resolve(undefined),
    ...given,
  };
}

Deno.test("checkRuntime() finds nothing wrong when Deno may do everything", async () => {
  const checks = await checkRuntime(machine());
  assert.deepEqual(checks.map(({ status }) => status), ["ok", "ok"]);
});

Deno.test.each([["2.4.5"], ["1.46.3"]])("checkRuntime() refuses Deno %s", async (denoVersion) => {
  const [deno] = await checkRuntime(machine({ denoVersion }));
  assert.equal(deno?.status, "fail");
});

Deno.test.each([["2.5.0"], ["2.10.0"], ["3.0.0-rc.1"]])(
  "checkRuntime() takes Deno %s",
  async (denoVersion) => {
    const [deno] = await checkRuntime(machine({ denoVersion }));
    assert.equal(deno?.status, "ok");
  },
);

Deno.test("checkRuntime() says how to switch the database on when it is off", async () => {
  const [deno] = await checkRuntime(machine({ hasKv: false }));
  assert.match(deno?.nextStep?.en ?? "", /--unstable-kv/);
});

Deno.test("checkRuntime() names every permission that is missing", async () => {
  const refused = (permission: Deno.PermissionDescriptor): boolean =>
    permission.name === "net" || (permission.name === "env" && permission.variable === "FEISHU_APP_ID");
  const [, permissions] = await checkRuntime(
    machine({ isAllowed: (each) => Promise.resolve(!refused(each)) }),
  );
  assert.equal(
    permissions?.found.en,
    "--allow-net is not granted in full; not readable, and therefore treated as not set: FEISHU_APP_ID",
  );
});
