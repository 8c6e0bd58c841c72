import { authorityName } from "../../net/authority_name.ts";
import { isLoopbackHost } from "../../net/is_loopback_host.ts";

const WEB_ORIGIN = /^https?:\/\/(.+)$/;
/** The default port of MCP Inspector's page. */
const INSPECTOR_PAGE = /:6274$/;

/** Which pages of this machine pass without being listed: all, or MCP Inspector's alone. */
export type LoopbackPages = "all" | "inspector";

/**
 * Makes the check of an `Origin`. Those of `allowedOrigins` (serialized, lower case) pass, and `pages` of this machine;
 * `null` never does.
 */
export function createOriginCheck(
  allowedOrigins: ReadonlySet<string>,
  pages: LoopbackPages = "all",
): (origin: string) => boolean {
  return (origin) => {
    const lower = origin.toLowerCase();
    if (allowedOrigins.has(lower)) return lower !== "null";
    const name = authorityName(WEB_ORIGIN.exec(lower)?.[1] ?? "");
    if (name === undefined || !isLoopbackHost(name)) return false;
    return pages === "all" || INSPECTOR_PAGE.test(lower);
  };
}
