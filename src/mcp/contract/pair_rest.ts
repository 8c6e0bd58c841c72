import { defined } from "../../defined.ts";
import type { Audience } from "../../errors/audience.ts";
import type { UserTokenResult } from "../../ports/tokens.ts";
import { secondsLeft } from "./token_times.ts";

/** The output fields of a user's pair, without the access token; each is absent where Feishu gave none. */
export interface PairRest {
  /** Replaces the one presented. */
  readonly refresh_token?: string;
  /** Whole seconds. */
  readonly refresh_token_expires_in?: number;
  /** Separated by spaces. */
  readonly scope?: string;
  /** What needs attention, and what to do. */
  readonly warning?: string;
}

/**
 * The {@linkcode PairRest} of a pair.
 *
 * @param nowMs Unix milliseconds.
 */
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
