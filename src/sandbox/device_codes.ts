import type { Authorization } from "./authorization_codes.ts";

/** How long a device code lives, in milliseconds. */
export const DEVICE_CODE_LIFE_MS = 600_000;
/** Least pause between two polls, in seconds. */
export const POLL_INTERVAL_SECONDS = 5;
/** By how much a poll may be early, in milliseconds: requests do not all take the same time. */
const EARLY_MS = 500;

/** Why a poll brings nothing. */
export type DeviceRefusal =
  | "device_unknown"
  | "device_pending"
  | "device_too_fast"
  | "device_denied"
  | "device_expired";

/** A login by the device flow. */
export interface DeviceLogin {
  /** What the app polls with. */
  readonly deviceCode: string;
  /** What the person types. */
  readonly userCode: string;
  /** The app that began it. */
  readonly appId: string;
  /** Space-separated: what it asked for. */
  readonly scope: string;
}

/** What the person has done. */
export type DeviceDecision = Authorization | "denied" | "expired";

interface StoredLogin extends DeviceLogin {
  readonly endsAtMs: number;
  intervalMs: number;
  polledAtMs: number;
  decision: DeviceDecision | undefined;
  spent: boolean;
}

/** Logins by the device flow: ten minutes, one redemption. */
export class DeviceCodes {
  readonly #logins = new Map<string, StoredLogin>();

  /** Remembers a login that begins at `nowMs`. */
  add(login: DeviceLogin, nowMs: number): void {
    this.#logins.set(login.deviceCode, {
      ...login,
      endsAtMs: nowMs + DEVICE_CODE_LIFE_MS,
      intervalMs: POLL_INTERVAL_SECONDS * 1000,
      polledAtMs: -Infinity,
      decision: undefined,
      spent: false,
    });
  }

  /** The login of a user code that waits for its person at `nowMs`. */
  waiting(userCode: string, nowMs: number): DeviceLogin | undefined {
    return [...this.#logins.values()].find((login) =>
      login.userCode === userCode && login.decision === undefined && nowMs < login.endsAtMs
    );
  }

  /** Says what the person has done. */
  decide(deviceCode: string, decision: DeviceDecision): void {
    const login = this.#logins.get(deviceCode);
    if (login !== undefined) login.decision = decision;
  }

  /** What a poll finds. It counts as one: polls that come too fast lengthen the pause for good. */
  poll(deviceCode: string, appId: string, nowMs: number): Authorization | DeviceRefusal {
    const login = this.#logins.get(deviceCode);
    if (login === undefined) return "device_unknown";
    const { polledAtMs } = login;
    login.polledAtMs = nowMs;
    const found = this.#inspect(login, appId, nowMs);
    if (found !== "device_pending" || nowMs - polledAtMs >= login.intervalMs - EARLY_MS) return found;
    login.intervalMs += 5_000;
    return "device_too_fast";
  }

  /** Uses the code up, if a poll would bring something. */
  spend(deviceCode: string, appId: string, nowMs: number): Authorization | DeviceRefusal {
    const login = this.#logins.get(deviceCode);
    if (login === undefined) return "device_unknown";
    const found = this.#inspect(login, appId, nowMs);
    if (typeof found === "object") login.spent = true;
    return found;
  }

  /** Ends those of an app that are not decided. */
  endWaiting(appId: string): void {
    for (const login of this.#logins.values()) {
      if (login.appId === appId) login.decision ??= "expired";
    }
  }

  /** Forgets them all. */
  clear(): void {
    this.#logins.clear();
  }

  #inspect(
    { appId: owner, spent, decision, endsAtMs }: StoredLogin,
    appId: string,
    nowMs: number,
  ): Authorization | DeviceRefusal {
    if (owner !== appId || spent) return "device_unknown";
    if (decision === "expired" || nowMs >= endsAtMs) return "device_expired";
    if (decision === "denied") return "device_denied";
    return decision ?? "device_pending";
  }
}
