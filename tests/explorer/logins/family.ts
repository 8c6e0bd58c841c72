import type { LoginClaims } from "../../../src/ports/feishu.ts";

/** A device code. Times are milliseconds of virtual time. */
export interface Device {
  /** The code, which is also what traces call the login: `d1`, `d2`, … */
  readonly code: string;
  readonly asked: readonly string[];
  readonly expiresMs: number;
  state: "waits" | "approved" | "denied" | "expired" | "redeemed";
  person?: string;
  scopes?: readonly string[];
  approvedMs?: number;
  polledMs?: number;
}

/** The pairs that come of one authorization. They are called by one letter. */
export interface Family {
  readonly device: Device;
  readonly person: string;
  readonly scope: string;
  readonly approvedMs: number;
  readonly claims: LoginClaims | undefined;
  /** Whether its access tokens have ended before their time. */
  isEnded: boolean;
}

/** Whether Feishu's claims say that the authorization of `one` was later than that of `other`. */
export function isAuthorizedLater(one: Family | undefined, other: Family | undefined): boolean {
  const [a, b] = [one?.claims, other?.claims];
  if (a === undefined || b === undefined || a.id === b.id) return false;
  return a.timeS === b.timeS ? a.id > b.id : a.timeS > b.timeS;
}
