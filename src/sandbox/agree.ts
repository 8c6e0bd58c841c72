import type { Authorization } from "./authorization_codes.ts";
import type { SandboxApp } from "./sandbox_apps.ts";
import type { Sandbox } from "./sandbox.ts";
import type { SandboxUser } from "./sandbox_user.ts";
import { scopeNames } from "./scope_names.ts";

/** Every token that was examined has this scope, requested or not. */
const ALWAYS_GRANTED = "auth:user.id:read";

/** The agreement of a user. */
export interface Agreement {
  /** The app. */
  readonly app: SandboxApp;
  /** User who agrees. */
  readonly user: SandboxUser;
  /** Space-separated. */
  readonly scope: string;
}

/** Lets a user agree now. Scopes that the app does not have are silently left out, as Feishu does. */
export function agree(sandbox: Sandbox, { app, user, scope }: Agreement): Authorization {
  const wanted = scopeNames(scope).filter((name) => app.scopes.includes(name));
  const now = wanted.includes(ALWAYS_GRANTED) ? wanted : [ALWAYS_GRANTED, ...wanted];
  const ever = sandbox.consent.accumulate(user.openId, now);
  const granted = sandbox.behaviour.switches.scopes_accumulate ? ever : now;
  return { user, scope: granted.join(" "), atMs: sandbox.clock.now() };
}
