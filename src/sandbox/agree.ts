import type { Authorization } from "./authorization_codes.ts";
import type { SandboxApp } from "./sandbox_apps.ts";
import type { Sandbox } from "./sandbox.ts";
import type { SandboxUser } from "./sandbox_user.ts";
import { scopeNames } from "./scope_names.ts";

/** Stands in the scope of every token that was looked at, asked for or not. */
const ALWAYS_GRANTED = "auth:user.id:read";

/** What a person agrees to. */
export interface Agreement {
  /** The app. */
  readonly app: SandboxApp;
  /** Who agrees. */
  readonly user: SandboxUser;
  /** Space-separated. */
  readonly scope: string;
}

/** Lets a person agree now. A scope that the app does not have is left out without a word. */
export function agree(sandbox: Sandbox, { app, user, scope }: Agreement): Authorization {
  const wanted = scopeNames(scope).filter((name) => app.scopes.includes(name));
  const now = wanted.includes(ALWAYS_GRANTED) ? wanted : [ALWAYS_GRANTED, ...wanted];
  const ever = sandbox.consent.accumulate(user.openId, now);
  const granted = sandbox.behaviour.switches.scopes_accumulate ? ever : now;
  return { user, scope: granted.join(" "), atMs: sandbox.clock.now() };
}
