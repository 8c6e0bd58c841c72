import assert from "node:assert/strict";
import { StartError } from "../../src/errors/start_error.ts";

Deno.test("textIn() gives the line in the language asked for, and message stays English", () => {
  const error = new StartError({ en: "HOME is not set", zh: "未设置 HOME" });
  assert.deepEqual(
    [error.message, error.textIn("en"), error.textIn("zh")],
    ["HOME is not set", "HOME is not set", "未设置 HOME"],
  );
});

Deno.test("textIn() gives the English line when there is no other", () => {
  assert.equal(new StartError("--port needs a value").textIn("zh"), "--port needs a value");
});
