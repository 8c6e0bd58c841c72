import { Buffer } from "node:buffer";

/** The claims of a JWT, whose signature is not checked; `undefined` where `token` is no JWT. */
export function jwtClaims(token: string): Readonly<Record<string, unknown>> | undefined {
  const parts = token.split(".");
  const [, payload] = parts;
  if (parts.length !== 3 || payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
    if (typeof claims !== "object" || claims === null || Array.isArray(claims)) return undefined;
    return claims as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
