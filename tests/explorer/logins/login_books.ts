import type { LoginClaims } from "../../../src/ports/feishu.ts";
import type { FeishuBooks } from "../feishu_books.ts";
import { loginOf, type PairName } from "../pair_name.ts";
import { START_MS } from "../virtual_time.ts";
import type { Device, Family } from "./family.ts";
import type { LoginSwitches } from "./login_switches.ts";

/** Life of a device code, in milliseconds. */
export const DEVICE_LIFE_MS = 600_000;
/** Pause between two polls, in milliseconds. */
export const DEVICE_INTERVAL_MS = 5_000;
/** Feishu's codes about a device code: not decided, polled too fast, unknown or redeemed; the last one says no. */
export const PENDING = 20094;
export const SLOW_DOWN = 20095;
export const UNKNOWN_CODE = 20079;
export const DENIED = -1;
const SECOND_MS = 1_000;

/** What Feishu knows of device codes and of whose each pair is. */
export class LoginBooks {
  readonly devices = new Map<string, Device>();
  /** By the letter of their pairs. */
  readonly families = new Map<string, Family>();
  readonly #books: FeishuBooks;
  readonly #switches: LoginSwitches;
  readonly #elapsedMs: () => number;

  /** In front of what Feishu knows of refresh tokens. */
  constructor(books: FeishuBooks, switches: LoginSwitches, elapsedMs: () => number) {
    this.#books = books;
    this.#switches = switches;
    this.#elapsedMs = elapsedMs;
  }

  /** A new device code. */
  start(asked: readonly string[]): Device {
    const code = `d${this.devices.size + 1}`;
    const expiresMs = this.#elapsedMs() + DEVICE_LIFE_MS;
    const device: Device = { code, asked, expiresMs, state: "waits" };
    this.devices.set(code, device);
    return device;
  }

  /** The person who was shown a code decides, unless it is too late. */
  decide(
    code: string,
    state: "approved" | "denied" | "expired",
    person?: string,
    scopes?: readonly string[],
  ): void {
    const device = this.#device(code);
    if (device.state !== "waits" || this.#elapsedMs() >= device.expiresMs) return;
    device.state = state;
    if (state !== "approved" || person === undefined) return;
    Object.assign(device, { person, scopes: scopes ?? device.asked, approvedMs: this.#elapsedMs() });
  }

  /** One poll: the pair, or the code of a refusal. */
  redeem(code: string): { readonly issued: PairName } | { readonly refused: number } {
    const device = this.#device(code);
    const now = this.#elapsedMs();
    const isTooFast = device.polledMs !== undefined && now - device.polledMs < DEVICE_INTERVAL_MS - SECOND_MS;
    device.polledMs = now;
    if (device.state === "denied") return { refused: DENIED };
    if (device.state === "redeemed" || device.state === "expired") return { refused: UNKNOWN_CODE };
    if (now >= device.expiresMs) return { refused: UNKNOWN_CODE };
    const { person, approvedMs, scopes = [] } = device;
    if (person === undefined || approvedMs === undefined) return { refused: isTooFast ? SLOW_DOWN : PENDING };
    device.state = "redeemed";
    const pair = this.#books.login();
    const scope = scopes.join(" ");
    const claims = this.#claimsOf(device, loginOf(pair), approvedMs);
    const family: Family = { device, person, scope, approvedMs, claims, isEnded: false };
    if (this.#switches.secondLogin === "kills") this.#endEarlier(family);
    this.families.set(loginOf(pair), family);
    return { issued: pair };
  }

  /** The family of a pair. */
  familyOf(pair: PairName): Family | undefined {
    return this.families.get(loginOf(pair));
  }

  /** The letters of the families that a revocation of `token` ends. */
  reachOf(token: PairName): readonly string[] {
    const family = this.familyOf(token);
    if (family === undefined) return [];
    if (this.#switches.revocation !== "person") return [loginOf(token)];
    return [...this.families].filter(([, { person }]) => person === family.person).map(([letter]) => letter);
  }

  /** Ends what a revocation of `token` ends. */
  revoke(token: PairName): void {
    if (this.#switches.revocation === "token") return void this.#books.end(token);
    for (const letter of this.reachOf(token)) this.#end(letter);
  }

  #endEarlier({ person, approvedMs }: Family): void {
    for (const [letter, other] of this.families) {
      if (other.person === person && other.approvedMs <= approvedMs) this.#end(letter);
    }
  }

  #end(letter: string): void {
    const family = this.families.get(letter);
    if (family !== undefined) family.isEnded = true;
    for (const live of [...this.#books.live]) if (loginOf(live) === letter) this.#books.end(live);
  }

  #claimsOf({ code }: Device, letter: string, approvedMs: number): LoginClaims | undefined {
    const { claims } = this.#switches;
    const hasClaims = claims === "all" || (claims === "every second" && Number(code.slice(1)) % 2 === 0);
    if (!hasClaims) return undefined;
    return { id: `auth ${letter}`, timeS: Math.floor((START_MS + approvedMs) / SECOND_MS) };
  }

  #device(code: string): Device {
    const device = this.devices.get(code);
    if (device === undefined) throw new RangeError(`No device code ${code}`);
    return device;
  }
}
