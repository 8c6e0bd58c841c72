import { Buffer } from "node:buffer";
import { readFields } from "../../feishu/lenient_fields.ts";
import { refreshFeishuUserToken } from "../../mcp/tools/refresh_feishu_user_token.ts";
import type { Secret } from "../../secret.ts";
import { type Check, fail, ok, warn } from "./check.ts";

const NAME = "refresh token";
/** What the other tokens of Feishu begin with. */
const OTHER_TOKENS: readonly (readonly [prefix: string, what: string])[] = [
  ["u-", "a user access token"],
  ["t-", "an app or tenant access token"],
  ["a-", "an app access token"],
];

/** What a refresh token looks like. It is sent nowhere, so that nothing is spent and nothing can be promised. */
export function checkRefreshToken(token: Secret, nowMs: number): Check {
  const text = token.reveal();
  if (text === "") return fail(NAME, "standard input is empty", "Pipe the refresh token in, alone.");
  const length = `${token.length} characters`;
  if (!refreshFeishuUserToken.input.safeParse({ refresh_token: text }).success) {
    return fail(
      NAME,
      `${length}, too many or with blanks or invisible ones inside`,
      "Copy the token again, whole and alone.",
    );
  }
  const other = OTHER_TOKENS.find(([prefix]) => text.startsWith(prefix));
  if (other !== undefined) {
    return fail(NAME, `this is ${other[1]}, not a refresh token`, "Take refresh_token of the same answer.");
  }
  if (text.startsWith("ur-")) {
    return ok(NAME, `${length}, of the older endpoints (v1, oidc): only Feishu knows its end`);
  }
  const claims = claimsOf(text);
  if (claims === undefined) {
    return warn(
      NAME,
      `${length}, of no known shape: neither ur-… nor a JWT`,
      "Check that it was copied whole, and that it is the refresh token.",
    );
  }
  return checkClaims(claims, length, nowMs);
}

interface Claims {
  /** Unix milliseconds. */
  readonly issuedAtMs: number | undefined;
  /** Unix milliseconds. */
  readonly expiresAtMs: number | undefined;
}

function checkClaims({ issuedAtMs, expiresAtMs }: Claims, length: string, nowMs: number): Check {
  const shape = `${length}, of the newer endpoints (v2, v3)`;
  const issued = issuedAtMs === undefined ? "" : `, issued ${moment(issuedAtMs)}`;
  if (expiresAtMs === undefined) return ok(NAME, `${shape}${issued}, names no end`);
  if (expiresAtMs > nowMs) {
    return ok(NAME, `${shape}${issued}, good until ${moment(expiresAtMs)} unless spent`);
  }
  return fail(
    NAME,
    `${shape}${issued}, expired ${moment(expiresAtMs)}`,
    "Let the user authorize the app again.",
  );
}

/** What a JWT says of itself; the signature is Feishu's to check. `undefined` where it is none. */
function claimsOf(text: string): Claims | undefined {
  const parts = text.split(".");
  const [, payload] = parts;
  if (parts.length !== 3 || payload === undefined) return undefined;
  try {
    const fields = readFields(JSON.parse(Buffer.from(payload, "base64url").toString()));
    if (fields === undefined) return undefined;
    return { issuedAtMs: secondsToMs(fields.iat), expiresAtMs: secondsToMs(fields.exp) };
  } catch {
    return undefined;
  }
}

function secondsToMs(value: unknown): number | undefined {
  // Beyond this a `Date` cannot say it.
  return typeof value === "number" && Math.abs(value) <= 8.64e12 ? value * 1000 : undefined;
}

function moment(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, "Z");
}
