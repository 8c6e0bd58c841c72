import assert from "node:assert/strict";
import { defined } from "../src/defined.ts";

Deno.test("defined() leaves out the fields that are undefined, and no others", () => {
  const fields = defined({ a: undefined, b: 0, c: null, d: "" });
  assert.deepEqual(Object.entries(fields), [["b", 0], ["c", null], ["d", ""]]);
});

Deno.test("defined() makes a field optional for the compiler where it may be undefined", () => {
  const code: number | undefined = [99].at(1);
  const fields: { readonly code?: number; readonly name: string } = defined({ code, name: "x" });
  assert.deepEqual(Object.keys(fields), ["name"]);
});
