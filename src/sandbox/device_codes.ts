import type { Authorization } from "./authorization_codes.ts";

/** Lifetime of a device code, in milliseconds. */
export const DEVICE_CODE_LIFE_MS = 600_000;
/** Shortest pause between two polls, in seconds. */
export const POLL_INTERVAL_SECONDS = 5;
/** A poll may be early by this, in milliseconds, since requests do not all take the same time. */
const EARLY_MS = 500;

/** Why a poll is refused. */
export type DeviceRefusal =
  | "device_unknown"
  | "device_pending"
  | "device_too_fast"
  | "device_denied"
  | "device_expired";

/** A login by the device flow. */
export interface DeviceLogin {
  /** The app presents it in each poll. */
  readonly deviceCode: string;
  /** The user types it. */
  readonly userCode: string;
  /** The app that started the login. */
  readonly appId: string;
  /** Requested by the app, separated by spaces. */
  readonly scope: string;
}

/** Decision of the user. */
export type DeviceDecision = Authorization | "denied" | "expired";

interface StoredLogin extends DeviceLogin {
  readonly endsAtMs: number;
  intervalMs: number;
  polledAtMs: number;
  decision: DeviceDecision | undefined;
  spent: boolean;
}

/** Logins by the device flow. A code lives ten minutes and is redeemed once. */
export class DeviceCodes {
  readonly #logins = new Map<string, StoredLogin>();

  /** Adds a login that starts at `nowMs`. */
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

  /** The login of a user code, if it waits for its user at `nowMs`. */
  waiting(userCode: string, nowMs: number): DeviceLogin | undefined {
    return [...this.#logins.values()].find((login) =>
      login.userCode === userCode && login.decision === undefined && nowMs < login.endsAtMs
    );
  }

  /** Records the decision of the user. */
  decide(deviceCode: string, decision: DeviceDecision): void {
    const login = this.#logins.get(deviceCode);
    if (login !== undefined) login.decision = decision;
  }

  /** The result of a poll. A poll that comes too early lengthens the pause for the rest of the login. */
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

  /** Spends the code, if a poll would redeem it. */
  spend(deviceCode: string, appId: string, nowMs: number): Authorization | DeviceRefusal {
    const login = this.#logins.get(deviceCode);
    if (login === undefined) return "device_unknown";
    const found = this.#inspect(login, appId, nowMs);
    if (typeof found === "object") login.spent = true;
    return found;
  }

  /** Ends the logins of an app that wait for their users. */
  endWaiting(appId: string): void {
    for (const login of this.#logins.values()) {
      if (login.appId === appId) login.decision ??= "expired";
    }
  }

  /** Removes all logins. */
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
