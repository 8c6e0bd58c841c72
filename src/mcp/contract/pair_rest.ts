import { defined } from "../../defined.ts";
import type { Audience } from "../../errors/audience.ts";
import type { UserTokenResult } from "../../ports/tokens.ts";
import { secondsLeft } from "./token_times.ts";

/** What the answer about a user token says beside the token itself, as far as there is any of it. */
export interface PairRest {
  /** Replaces the one presented. */
  readonly refresh_token?: string;
  /** Whole seconds. */
  readonly refresh_token_expires_in?: number;
  /** Space-separated. */
  readonly scope?: string;
  /** Why, and what to do. */
  readonly warning?: string;
}

/** The optional part of a pair at `nowMs`, in a tool's words. */
export function pairRest(
  { refreshToken, refreshExpiresAtMs, scope, warning }: Omit<UserTokenResult, "replayed">,
  nowMs: number,
  audience: Audience,
): PairRest {
  return {
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken.reveal() }),
    ...(refreshExpiresAtMs === undefined
      ? {}
      : { refresh_token_expires_in: secondsLeft({ expiresAtMs: refreshExpiresAtMs }, nowMs) }),
    ...defined({ scope }),
    ...(warning === undefined ? {} : { warning: warning.sentence(audience) }),
  };
}
