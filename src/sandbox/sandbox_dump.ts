import * as z from "zod";
import type { Authorization } from "./authorization_codes.ts";
import type { SandboxApp } from "./sandbox_apps.ts";
import type { SandboxUser } from "./sandbox_user.ts";
import type { Generation } from "./token_lifetimes.ts";

const user = z.object({ name: z.string(), appId: z.string(), openId: z.string(), unionId: z.string() });

const schema = z.object({
  offsetMs: z.number(),
  apps: z.array(z.object({
    appId: z.string(),
    formerAppId: z.string(),
    appSecret: z.string(),
    name: z.string(),
    kind: z.enum(["custom", "store"]),
    redirectUris: z.array(z.string()).exactOptional(),
    scopes: z.array(z.string()),
  })),
  users: z.array(user),
  authorizations: z.array(z.object({ user, scope: z.string(), atMs: z.number() })),
  families: z.array(z.object({
    authorization: z.number(),
    redeemed: z.string().exactOptional(),
    revoked: z.boolean(),
    members: z.array(z.object({
      token: z.string(),
      endpoint: z.enum(["v1", "oidc", "v2", "v3"]),
      expiresAtMs: z.number(),
      spent: z.boolean(),
    })),
  })),
  accessTokens: z.array(z.object({
    token: z.string(),
    kind: z.enum(["tenant", "user"]),
    appId: z.string(),
    openId: z.string().exactOptional(),
    authorization: z.number().exactOptional(),
    expiresAtMs: z.number(),
  })),
});

/** A family of refresh tokens. */
export interface DumpedFamily {
  /** Place of its authorization in the dump. */
  readonly authorization: number;
  /** The code that it was redeemed for. */
  readonly redeemed?: string;
  /** Whether it was revoked. */
  readonly revoked: boolean;
  /** Its tokens, the oldest first. */
  readonly members: readonly {
    readonly token: string;
    readonly endpoint: Generation;
    readonly expiresAtMs: number;
    readonly spent: boolean;
  }[];
}

/** A live access token. */
export interface DumpedAccessToken {
  /** Its text. */
  readonly token: string;
  /** As in the sandbox. */
  readonly kind: "tenant" | "user";
  /** App to which it was issued. */
  readonly appId: string;
  /** Of user tokens. */
  readonly openId?: string;
  /** Place of its authorization in the dump. */
  readonly authorization?: number;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
}

/** What a sandbox keeps from one process to the next: its apps, people, families, live tokens and clock. */
export interface SandboxDump {
  /** By how much its clock is ahead, in milliseconds. */
  readonly offsetMs: number;
  /** Every app. */
  readonly apps: readonly SandboxApp[];
  /** Every person. */
  readonly users: readonly SandboxUser[];
  /** Families and tokens name them by their place here, since they share them. */
  readonly authorizations: readonly Authorization[];
  /** Every family of refresh tokens. */
  readonly families: readonly DumpedFamily[];
  /** The access tokens that live. */
  readonly accessTokens: readonly DumpedAccessToken[];
}

/**
 * A dump as JSON has it.
 *
 * @throws Error for anything else.
 */
export function readSandboxDump(value: unknown): SandboxDump {
  return schema.parse(value);
}
