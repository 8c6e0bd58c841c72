import { createHash } from "node:crypto";
import type { SandboxApp } from "./sandbox_apps.ts";

/** The one tenant of the sandbox. */
export const SANDBOX_TENANT_KEY = "sandbox0tenant00";

/** A user of the sandbox's tenant, as one app sees them. */
export interface SandboxUser {
  /** Identifies the user. */
  readonly name: string;
  /** App that sees the user. */
  readonly appId: string;
  /** `ou_…`: different for each app, as at Feishu. */
  readonly openId: string;
  /** `on_…`: the same for every app. */
  readonly unionId: string;
}

/**
 * The user called `name`, as the app sees them. The same arguments give the same ids in every sandbox, also in one of
 * version 0.1.0, since scripts may contain them.
 */
export function sandboxUser({ appId, formerAppId }: SandboxApp, name: string): SandboxUser {
  return {
    name,
    appId,
    openId: `ou_${digest(`${formerAppId}/${name}`)}`,
    unionId: `on_${digest(name)}`,
  };
}

/** What an app without further scopes learns of a user. All values are strings. */
export function userProfile(user: SandboxUser): Readonly<Record<string, string>> {
  const avatar = `https://avatar.invalid/${user.unionId}`;
  return {
    name: user.name,
    en_name: user.name,
    avatar_url: `${avatar}_72`,
    avatar_thumb: `${avatar}_72`,
    avatar_middle: `${avatar}_240`,
    avatar_big: `${avatar}_640`,
    open_id: user.openId,
    union_id: user.unionId,
    tenant_key: SANDBOX_TENANT_KEY,
  };
}

/** The `open_id` of the app's bot, which no user has. */
export function botOpenId({ formerAppId }: SandboxApp): string {
  return `ou_${digest(`bot of ${formerAppId}`)}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
