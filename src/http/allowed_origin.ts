import { authorityName } from "../net/authority.ts";
import { isLoopbackHost } from "../net/loopback.ts";

const WEB_ORIGIN = /^https?:\/\/(.+)$/;

/**
 * Makes the check of an `Origin`: pages of this machine and those of `allowedOrigins` (serialized, lower case) may call.
 * Guard and CORS ask the same check, so that what one lets in can also read the answer.
 */
export function createOriginCheck(allowedOrigins: ReadonlySet<string>): (origin: string) => boolean {
  return (origin) => {
    const lower = origin.toLowerCase();
    if (allowedOrigins.has(lower)) return true;
    const name = authorityName(WEB_ORIGIN.exec(lower)?.[1] ?? "");
    return name !== undefined && isLoopbackHost(name);
  };
}
