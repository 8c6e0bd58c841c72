import assert from "node:assert/strict";
import { ioReason } from "../../../src/store/files/io_reason.ts";

Deno.test.each<[unknown, string]>([
  [new Deno.errors.PermissionDenied("Permission denied (os error 13): open '/a'"), "permission denied"],
  [new Deno.errors.IsADirectory("Is a directory (os error 21)"), "it is a folder"],
  [new Deno.errors.NotADirectory("Not a directory (os error 20)"), "a part of the path is not a folder"],
  [new Deno.errors.AlreadyExists("File exists (os error 17)"), "a file of that name exists"],
  [new Error("No space left on device (os error 28): write '/a/b'"), "no space left on device"],
  ["thrown text", "unknown cause"],
])("ioReason() of %s is %s", (error, reason) => {
  assert.equal(ioReason(error).en, reason);
});

Deno.test("ioReason() names the flags when Deno itself refused", () => {
  assert.match(
    ioReason(new Deno.errors.NotCapable("Requires write access")).en,
    /--allow-read, --allow-write/,
  );
});
