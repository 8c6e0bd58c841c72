import { VERSION } from "../../src/version.ts";

/** What `--version` prints, of any commit. */
export const VERSION_TEXT = new RegExp(
  `^feishu-token-mcp ${RegExp.escape(VERSION)}\ncommit (?:[0-9a-f]{40}|unknown)\ndeno ${
    RegExp.escape(Deno.version.deno)
  }\n$`,
);
