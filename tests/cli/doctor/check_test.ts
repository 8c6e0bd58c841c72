import assert from "node:assert/strict";
import { failWith } from "../../../src/cli/doctor/check.ts";
import { StartError } from "../../../src/errors/start_error.ts";

Deno.test("failWith() parts what is wrong from what to do", () => {
  const error = new StartError({ en: "HOME is not set", zh: "未设置 HOME" }, {
    nextStep: { en: "name a place", zh: "请指定位置" },
  });
  assert.deepEqual(failWith("store", error), {
    name: "store",
    status: "fail",
    found: { en: "HOME is not set", zh: "未设置 HOME" },
    nextStep: { en: "Name a place.", zh: "请指定位置。" },
  });
});

Deno.test("failWith() names no step when there is none", () => {
  const error = new StartError({ en: "gone", zh: "没有了" });
  assert.equal("nextStep" in failWith("store", error), false);
});
