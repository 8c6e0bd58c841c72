import type { Random } from "../ports/random.ts";
import { AccessTokens } from "./access_tokens.ts";
import { AppTokens } from "./app_tokens.ts";
import { AuthorizationCodes } from "./authorization_codes.ts";
import { AuthorizationIds } from "./authorization_ids.ts";
import { Behaviour } from "./behaviour.ts";
import { Calls } from "./calls.ts";
import { Consent } from "./consent.ts";
import { DeviceCodes } from "./device_codes.ts";
import { Faults } from "./faults.ts";
import type { OffsetClock } from "./offset_clock.ts";
import { type SandboxApp, SandboxApps } from "./sandbox_apps.ts";
import { type SandboxUser, sandboxUser } from "./sandbox_user.ts";
import { TokenFamilies } from "./token_families.ts";
import { TokenMint } from "./token_mint.ts";

/** What {@linkcode createSandbox} needs. */
export interface SandboxParts {
  /** The sandbox's time; its control interface moves it. */
  readonly clock: OffsetClock;
  /** Where token texts and log ids come from. */
  readonly random: Random;
}

/** A simulated Feishu: everything it knows, nothing of HTTP. */
export interface Sandbox extends SandboxParts {
  /** Makes token texts. */
  readonly mint: TokenMint;
  /** Every access token issued. */
  readonly accessTokens: AccessTokens;
  /** The newest app token of each app. */
  readonly appTokens: AppTokens;
  /** Every refresh token issued. */
  readonly families: TokenFamilies;
  /** Every authorization code issued. */
  readonly codes: AuthorizationCodes;
  /** Every login by the device flow. */
  readonly deviceCodes: DeviceCodes;
  /** The claim `auth_id` of each authorization. */
  readonly authorizationIds: AuthorizationIds;
  /** How the authorize page behaves. */
  readonly consent: Consent;
  /** What is not known of Feishu. */
  readonly behaviour: Behaviour;
  /** The apps that exist. */
  readonly apps: SandboxApps;
  /** The faults that are set. */
  readonly faults: Faults;
  /** What the sandbox was asked. */
  readonly calls: Calls;
  /** The app with this id, or with this one in version 0.1.0. */
  app(appId: string): SandboxApp | undefined;
  /** The user called `name` as the app sees him, who exists from the first call on; or the one with this open_id. */
  user(app: SandboxApp, name: string): SandboxUser;
  /** Every user that exists. */
  users(): readonly SandboxUser[];
  /** Forgets everything and sets the clock to the base clock's time. Held calls are cut. */
  reset(): void;
}

/** Makes a sandbox as it is at start: two apps, no user, no token. */
export function createSandbox({ clock, random }: SandboxParts): Sandbox {
  const mint = new TokenMint(random);
  const accessTokens = new AccessTokens();
  const users = new Map<string, SandboxUser>();
  const behaviour = new Behaviour();
  const apps = new SandboxApps();
  const cleared = {
    accessTokens,
    appTokens: new AppTokens(mint, accessTokens),
    families: new TokenFamilies(behaviour),
    codes: new AuthorizationCodes(),
    deviceCodes: new DeviceCodes(),
    consent: new Consent(),
    behaviour,
    apps,
    calls: new Calls(),
    users,
  };
  const faults = new Faults();
  return {
    clock,
    random,
    mint,
    ...cleared,
    faults,
    authorizationIds: new AuthorizationIds(random),
    app: (id) => apps.find(id),
    user: (app, name) => {
      const known = users.get(name);
      if (known?.appId === app.appId) return known;
      const user = sandboxUser(app, name);
      users.set(user.openId, user);
      return user;
    },
    users: () => [...users.values()],
    reset: () => {
      for (const part of Object.values(cleared)) part.clear();
      faults.clear("cut");
      clock.setOffset(0);
    },
  };
}
