import assert from "node:assert/strict";
import { StartError } from "../../src/errors/start_error.ts";

const UNSET = { en: "HOME is not set", zh: "未设置 HOME" };
const NAME_IT = { en: "name a place", zh: "请指定位置" };

Deno.test("textIn() gives the line in the language asked for, and message stays English", () => {
  const error = new StartError(UNSET, { nextStep: NAME_IT });
  assert.deepEqual(
    [error.message, error.textIn("en"), error.textIn("zh")],
    ["HOME is not set: name a place", "HOME is not set: name a place", "未设置 HOME：请指定位置"],
  );
});

Deno.test("textIn() does not put a second colon into a line", () => {
  const error = new StartError({ en: "Cannot write: full", zh: "无法写入：已满" }, { nextStep: NAME_IT });
  assert.deepEqual(error.line, {
    en: "Cannot write: full; name a place",
    zh: "无法写入：已满；请指定位置",
  });
});

Deno.test("textIn() gives the problem alone when nothing can be done", () => {
  assert.deepEqual(new StartError(UNSET).line, UNSET);
});

Deno.test("nextStep is a sentence of its own", () => {
  assert.deepEqual(new StartError(UNSET, { nextStep: NAME_IT }).nextStep, {
    en: "Name a place.",
    zh: "请指定位置。",
  });
});
