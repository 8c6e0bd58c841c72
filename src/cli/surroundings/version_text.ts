import { COMMIT } from "../../commit.ts";
import { isFromSources } from "../../process/is_from_sources.ts";
import { VERSION } from "../../version.ts";
import { checkoutCommit } from "./checkout_commit.ts";

/** The text of `--version`: three lines of a name and its value. Needs no permission. */
export async function versionText(): Promise<string> {
  const commit = COMMIT ??
    (isFromSources() ? await checkoutCommit(new URL("../../../", import.meta.url)) : undefined);
  return `feishu-token-mcp ${VERSION}\ncommit ${commit ?? "unknown"}\ndeno ${Deno.version.deno}\n`;
}
