import type { Random } from "../ports/random.ts";
import { AccessTokens } from "./access_tokens.ts";
import { AppTokens } from "./app_tokens.ts";
import { type Authorization, AuthorizationCodes } from "./authorization_codes.ts";
import { AuthorizationIds } from "./authorization_ids.ts";
import { Behaviour } from "./behaviour.ts";
import { Calls } from "./calls.ts";
import { Consent } from "./consent.ts";
import { DeviceCodes } from "./device_codes.ts";
import { Faults } from "./faults.ts";
import type { OffsetClock } from "./offset_clock.ts";
import { Registrations } from "./registrations.ts";
import type { SandboxDump } from "./sandbox_dump.ts";
import { type SandboxApp, SandboxApps } from "./sandbox_apps.ts";
import { type SandboxUser, sandboxUser } from "./sandbox_user.ts";
import { TokenFamilies } from "./token_families.ts";
import { TokenMint } from "./token_mint.ts";

/** Options of {@linkcode createSandbox}. */
export interface SandboxParts {
  /** Moved by the control interface. */
  readonly clock: OffsetClock;
  /** For token texts and log ids. */
  readonly random: Random;
}

/** The state of a simulated Feishu, without HTTP. */
export interface Sandbox extends SandboxParts {
  /** Makes the texts of tokens. */
  readonly mint: TokenMint;
  /** Issued access tokens. */
  readonly accessTokens: AccessTokens;
  /** Newest app token of each app. */
  readonly appTokens: AppTokens;
  /** Issued refresh tokens. */
  readonly families: TokenFamilies;
  /** Issued authorization codes. */
  readonly codes: AuthorizationCodes;
  /** Every login by the device flow. */
  readonly deviceCodes: DeviceCodes;
  /** Registrations of apps by scan. */
  readonly registrations: Registrations;
  /** The claim `auth_id` of each authorization. */
  readonly authorizationIds: AuthorizationIds;
  /** Mode of the authorize page, and what users have granted. */
  readonly consent: Consent;
  /** Switches of `POST /_sandbox/behaviour`. */
  readonly behaviour: Behaviour;
  /** The apps that exist. */
  readonly apps: SandboxApps;
  /** The faults that are set. */
  readonly faults: Faults;
  /** Calls that were made. */
  readonly calls: Calls;
  /** The app with this id, of today or of version 0.1.0. */
  app(appId: string): SandboxApp | undefined;
  /** The user called `name`, as the app sees them, made by the first call; or the user with this open_id. */
  user(app: SandboxApp, name: string): SandboxUser;
  /** Every user that was made. */
  users(): readonly SandboxUser[];
  /** What outlives the process, with the texts of tokens. */
  dump(): SandboxDump;
  /** Takes up what another process has left. */
  load(dump: SandboxDump): void;
  /** Returns to the state at the start, with the base clock's time. Cuts held calls. */
  reset(): void;
}

/** Makes a sandbox in its first state: two apps, no user, no token. */
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
    registrations: new Registrations(),
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
    dump: () => {
      const authorizations: Authorization[] = [];
      const indexOf = (authorization: Authorization): number => {
        const known = authorizations.indexOf(authorization);
        return known >= 0 ? known : authorizations.push(authorization) - 1;
      };
      return {
        offsetMs: clock.offsetMs,
        apps: [...apps.view()],
        users: [...users.values()],
        families: cleared.families.dump(indexOf),
        accessTokens: accessTokens.dump(clock.now(), indexOf),
        authorizations,
      };
    },
    load: (dump) => {
      const authorizationAt = (index: number): Authorization => {
        const found = dump.authorizations[index];
        if (found === undefined) throw new RangeError("Cannot load the sandbox: an authorization is missing");
        return found;
      };
      clock.setOffset(dump.offsetMs);
      apps.load(dump.apps);
      for (const user of dump.users) users.set(user.openId, user);
      cleared.families.load(dump.families, authorizationAt);
      accessTokens.load(dump.accessTokens, authorizationAt);
    },
    reset: () => {
      for (const part of Object.values(cleared)) part.clear();
      faults.clear("cut");
      clock.setOffset(0);
    },
  };
}
