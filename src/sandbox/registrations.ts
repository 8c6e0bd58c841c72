import { POLL_INTERVAL_SECONDS } from "./device_codes.ts";
import type { SandboxApp } from "./sandbox_apps.ts";

/** Lifetime of a registration, in milliseconds: an hour, as seen. */
export const REGISTRATION_LIFE_MS = 3_600_000;
/** A poll may be early by this, in milliseconds. */
const EARLY_POLL_MS = 500;

/** What a person, or their company, decides. */
export type RegistrationDecision =
  | {
    readonly kind: "made";
    readonly app: SandboxApp;
    readonly brand: "feishu" | "lark";
    readonly openId: string;
  }
  | { readonly kind: "denied" | "forbidden" | "expired" };

/** What a poll finds. */
export type RegistrationFinding =
  | RegistrationDecision
  | { readonly kind: "unknown" | "pending" | "awaiting approval" | "too fast" }
  /** The first poll after somebody of Lark has made the app: the other host has it. */
  | { readonly kind: "elsewhere" };

interface StoredRegistration {
  readonly userCode: string;
  readonly endsAtMs: number;
  polledAtMs: number;
  intervalMs: number;
  decision?: RegistrationDecision;
  awaitsApproval: boolean;
  isSpent: boolean;
  toldBrand: boolean;
  scopes: readonly string[];
}

/** Registrations of apps by scan. */
export class Registrations {
  readonly #byDeviceCode = new Map<string, StoredRegistration>();

  /** Adds one that starts at `nowMs`. */
  add(deviceCode: string, userCode: string, nowMs: number): void {
    this.#byDeviceCode.set(deviceCode, {
      userCode,
      endsAtMs: nowMs + REGISTRATION_LIFE_MS,
      polledAtMs: -Infinity,
      intervalMs: POLL_INTERVAL_SECONDS * 1_000,
      awaitsApproval: false,
      isSpent: false,
      toldBrand: false,
      scopes: [],
    });
  }

  /** Whether a registration waits for the person who has `userCode`. */
  isWaiting(userCode: string, nowMs: number): boolean {
    return this.#waiting(userCode, nowMs) !== undefined;
  }

  /** The scopes that the page was opened with. */
  scopesOf(userCode: string): readonly string[] {
    return this.#withUserCode(userCode)?.scopes ?? [];
  }

  /** Notes the scopes that the page was opened with. */
  open(userCode: string, scopes: readonly string[]): void {
    const found = this.#withUserCode(userCode);
    if (found !== undefined) found.scopes = scopes;
  }

  /** Records a decision, or that an administrator has to agree. */
  decide(userCode: string, decision: RegistrationDecision | "awaiting approval"): void {
    const found = this.#withUserCode(userCode);
    if (found === undefined) return;
    if (decision === "awaiting approval") found.awaitsApproval = true;
    else found.decision = decision;
  }

  /** The outcome of a poll at `nowMs`. An app is told once. */
  poll(deviceCode: string, nowMs: number): RegistrationFinding {
    const found = this.#byDeviceCode.get(deviceCode);
    if (found === undefined || found.isSpent) return { kind: "unknown" };
    const { polledAtMs, decision } = found;
    found.polledAtMs = nowMs;
    if (decision === undefined) {
      if (nowMs >= found.endsAtMs) return { kind: "expired" };
      if (nowMs - polledAtMs < found.intervalMs - EARLY_POLL_MS) {
        found.intervalMs += 5_000;
        return { kind: "too fast" };
      }
      return { kind: found.awaitsApproval ? "awaiting approval" : "pending" };
    }
    if (decision.kind !== "made") return decision;
    if (decision.brand === "lark" && !found.toldBrand) {
      found.toldBrand = true;
      return { kind: "elsewhere" };
    }
    found.isSpent = true;
    return decision;
  }

  /** Removes all. */
  clear(): void {
    this.#byDeviceCode.clear();
  }

  #waiting(userCode: string, nowMs: number): StoredRegistration | undefined {
    const found = this.#withUserCode(userCode);
    return found?.decision === undefined && nowMs < (found?.endsAtMs ?? 0) ? found : undefined;
  }

  #withUserCode(userCode: string): StoredRegistration | undefined {
    return [...this.#byDeviceCode.values()].find((each) => each.userCode === userCode);
  }
}
