import { jwtClaims } from "../credentials/jwt_claims.ts";
import type { LoginClaims } from "../ports/feishu.ts";
import type { Secret } from "../secret.ts";
import { CLAIMS_AHEAD_MS } from "./limits.ts";

/** 2020-01-01, Unix seconds. No authorization that is still valid is older. */
const EARLIEST_S = 1_577_836_800;

/**
 * The claims of a login's access token about the authorization, as of `nowMs`. Feishu does not document them. Every user
 * token of the v2 endpoint that was examined (2025-02 to 2026-05) has them, with `auth_exp` a year after `auth_time`. The
 * signature is not checked, so that only the order of logins may depend on them. If one of them is implausible, all
 * count as absent.
 */
export function readLoginClaims(accessToken: Secret, nowMs: number): LoginClaims | undefined {
  const { auth_id: id, auth_time: timeS, auth_exp: endsS } = jwtClaims(accessToken.reveal()) ?? {};
  if (typeof id !== "string" || !/^\d{1,32}$/.test(id)) return undefined;
  if (!isSeconds(timeS) || timeS < EARLIEST_S || timeS * 1000 > nowMs + CLAIMS_AHEAD_MS) return undefined;
  if (endsS === undefined) return { id, timeS };
  return isSeconds(endsS) && endsS > timeS ? { id, timeS, endsS } : undefined;
}

function isSeconds(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}
