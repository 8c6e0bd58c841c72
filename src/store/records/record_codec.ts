import * as z from "zod";
import { ERROR_TABLE, type ErrorCode } from "../../errors/error_table.ts";
import type { IssuedToken } from "../../ports/feishu.ts";
import type { Lease, Status, TokenRecord, Tombstone } from "../../ports/store.ts";
import { Secret } from "../../secret.ts";

const headSchema = z.object({
  login: z.number().int(),
  gen: z.number().int().min(1),
  fp: z.string(),
  secretFp: z.string(),
  endpoint: z.enum(["v1", "oidc", "v2", "v3"]).exactOptional(),
  earlier: z.array(z.string()).exactOptional(),
  unchanged: z.boolean().exactOptional(),
  auth: z.object({ id: z.string(), timeS: z.number(), endsS: z.number().exactOptional() }).exactOptional(),
  isLogin: z.boolean().exactOptional(),
  isPlaced: z.boolean().exactOptional(),
  began: z.string().exactOptional(),
  who: z.object({
    name: z.string().exactOptional(),
    tenantKey: z.string().exactOptional(),
    unionId: z.string().exactOptional(),
  }).exactOptional(),
  wall: z.string().exactOptional(),
  expiresAtMs: z.number(),
  keepUntilMs: z.number().nullable(),
});

const tombstoneSchema = z.object({
  login: z.number().int(),
  gen: z.number().int().min(1),
  endedAtMs: z.number(),
});

const bodySchema = z.object({
  accessToken: z.string(),
  lifetimeMs: z.number(),
  refreshToken: z.string().exactOptional(),
  refreshExpiresAtMs: z.number().exactOptional(),
  tokenType: z.string().exactOptional(),
  scope: z.string().exactOptional(),
  isSalvaged: z.boolean().exactOptional(),
});

const leaseSchema = z.object({
  nonce: z.string().nullable(),
  machine: z.string(),
  process: z.string(),
  fp: z.string(),
  lifeMs: z.number(),
  issuedAtMs: z.number(),
  unknown: z.boolean(),
});

const statusSchema = z.object({
  fp: z.string(),
  mark: z.enum(["cool_down", "needs_login", "rotation_outcome_unknown"]),
  // A newer program with the same schema may have written a code that this one does not know.
  errorCode: z.string().transform((code) => isErrorCode(code) ? code : "feishu_refused"),
  untilMs: z.number().exactOptional(),
  feishuCode: z.number().exactOptional(),
  logId: z.string().exactOptional(),
  detail: z.object({ en: z.string(), zh: z.string() }).exactOptional(),
  challengeUrl: z.string().exactOptional(),
  atMs: z.number(),
});

/** The part of a token record that orders it, without any secret: enough to decide on a replay. */
export interface TokenHead extends Omit<TokenRecord, "token"> {
  /** End of the token, Unix milliseconds. */
  readonly expiresAtMs: number;
  /** When the key may be cleaned up, Unix milliseconds; `null`: never. */
  readonly keepUntilMs: number | null;
}

/** The secrets of a token record, and what is of use only together with them. */
export interface TokenBody extends Omit<IssuedToken, "accessToken" | "refreshToken" | "expiresAtMs"> {
  /** Not wrapped: to be sealed at once. */
  readonly accessToken: string;
  /** Not wrapped: to be sealed at once. */
  readonly refreshToken?: string;
}

/** The two parts of a token record, which are sealed separately. */
export interface TokenParts {
  /** Opens with the server key. */
  readonly head: TokenHead;
  /** Opens, for a caller-held record, only with the presented token too. */
  readonly body: TokenBody;
}

/** Splits `record` into what orders it and what is secret. */
export function encodeToken(record: TokenRecord, keepUntilMs: number | null): TokenParts {
  const { accessToken, refreshToken, expiresAtMs, ...rest } = record.token;
  const { token: _token, ...order } = record;
  return {
    head: { ...order, expiresAtMs, keepUntilMs },
    body: {
      ...rest,
      accessToken: accessToken.reveal(),
      ...(refreshToken === undefined ? {} : { refreshToken: refreshToken.reveal() }),
    },
  };
}

/**
 * The record whose parts these are.
 *
 * @throws z.ZodError when the parts are not those of a token record.
 */
export function decodeToken(head: unknown, body: unknown): TokenRecord {
  const { expiresAtMs, keepUntilMs: _keepUntilMs, ...order } = decodeHead(head);
  const { accessToken, refreshToken, ...rest } = bodySchema.parse(body);
  return {
    ...order,
    token: {
      ...rest,
      expiresAtMs,
      accessToken: new Secret(accessToken),
      ...(refreshToken === undefined ? {} : { refreshToken: new Secret(refreshToken) }),
    },
  };
}

/**
 * The head of a token record.
 *
 * @throws z.ZodError when `head` is not that of a token record.
 */
export function decodeHead(head: unknown): TokenHead {
  return headSchema.parse(head);
}

/**
 * A tombstone, or `null` when `head` is that of a token record.
 *
 * @throws z.ZodError when `head` has the end of a login and is no whole tombstone.
 */
export function decodeTombstone(head: unknown): Tombstone | null {
  const saysEnded = typeof head === "object" && head !== null && "endedAtMs" in head;
  return saysEnded ? tombstoneSchema.parse(head) : null;
}

/**
 * A lease.
 *
 * @throws z.ZodError when `value` is not a lease.
 */
export function decodeLease(value: unknown): Lease {
  return leaseSchema.parse(value);
}

/**
 * A status.
 *
 * @throws z.ZodError when `value` is not a status.
 */
export function decodeStatus(value: unknown): Status {
  return statusSchema.parse(value);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_TABLE, code);
}
