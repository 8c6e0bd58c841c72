import { defined } from "../src/defined.ts";
import type { ObservedCall } from "./checker/observed_call.ts";
import type { ObservedFamily } from "./checker/observed_run.ts";
import { Calls, Client, Clock, Coded, FaultId, Login, State } from "./feishu_answers.ts";
import type { Generation } from "../src/sandbox/token_lifetimes.ts";

/** A fault that the simulated Feishu is told to have; the fields are those of `POST /_sandbox/faults`. */
export interface Fault {
  readonly kind: string;
  readonly path?: string;
  readonly client?: string;
  readonly times?: number;
  readonly ms?: number;
  readonly code?: number;
  readonly status?: number;
}

/** The narrowest of so many round trips tells the difference between two clocks. */
const COMPARISONS = 20;
/** Who calls the common address: this process. */
export const NO_PROCESS = "nobody";
/** The control interface of the simulated Feishu, and its clock in terms of this process's. */
export class FeishuControl {
  /** The sandbox's origin. */
  readonly url: string;
  /** How far this process's clock is ahead of the sandbox's, at least and at most. */
  #aheadMs = { least: -Infinity, most: Infinity };

  /** @param url the sandbox's origin. */
  constructor(url: string) {
    this.url = url;
  }

  /** Finds out what the sandbox's clock shows in terms of this process's. */
  async compareClocks(): Promise<void> {
    for (let count = 0; count < COMPARISONS; count++) await this.addressFor(NO_PROCESS, 0);
    await this.removeAddress(NO_PROCESS);
  }

  /** Logs `user`, or the usual one, in through `generation`; the first refresh token. */
  async logIn(generation: Generation, user?: string): Promise<string> {
    return Login.parse(await this.#ask("POST", "logins", { generation, ...defined({ user }) })).refresh_token;
  }

  /** Sets switches of the simulated Feishu. */
  async behave(switches: Readonly<Record<string, boolean>>): Promise<void> {
    await this.#ask("POST", "behaviour", switches);
  }

  /** What the person does on the page of a device login. @throws Error when none waits for this code. */
  async decide(userCode: string, action: "approve" | "deny", user: string): Promise<void> {
    await this.#ask("POST", "device", { user_code: userCode, action, user });
  }

  /** Feishu's own clock, in Unix seconds. */
  async nowSeconds(): Promise<number> {
    return Clock.parse(await this.#ask("GET", "clock")).now;
  }

  /** Feishu's code for a user token: 0 where it works. */
  async userInfoCode(accessToken: string): Promise<number> {
    const response = await fetch(`${this.url}/open-apis/authen/v1/user_info`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    return Coded.parse(await response.json()).code;
  }

  /** Gives the process `name` an address of its own; its clock will be wrong by `skewSeconds`. */
  async addressFor(name: string, skewSeconds: number): Promise<string> {
    const beforeMs = performance.now();
    const { url, monotonic_ms } = Client.parse(
      await this.#ask("POST", "clients", { name, clock_skew_seconds: skewSeconds }),
    );
    const { least, most } = this.#aheadMs;
    this.#aheadMs = {
      least: Math.max(least, beforeMs - monotonic_ms),
      most: Math.min(most, performance.now() - monotonic_ms),
    };
    return url;
  }

  /** Takes the address of a process away. */
  async removeAddress(name: string): Promise<void> {
    await this.#ask("DELETE", `clients?name=${encodeURIComponent(name)}`);
  }

  /** Sets a fault; its id. */
  async setFault(fault: Fault): Promise<number> {
    return FaultId.parse(await this.#ask("POST", "faults", fault)).id;
  }

  /** Ends one fault: what it holds goes on. */
  async clearFault(id: number): Promise<void> {
    await this.#ask("DELETE", `faults?id=${id}`);
  }

  /** Ends every fault: what they hold goes on. */
  async clearFaults(): Promise<void> {
    await this.#ask("DELETE", "faults");
  }

  /** Lets time pass for Feishu and all processes. */
  async advance(seconds: number): Promise<void> {
    await this.#ask("POST", "clock", { advance_seconds: seconds });
  }

  /** The calls above `after`, those of one process alone where it is named. */
  async calls(after: number, process?: string): Promise<ObservedCall[]> {
    const only = process === undefined ? "" : `&client=${encodeURIComponent(process)}`;
    const { calls } = Calls.parse(await this.#ask("GET", `calls?after=${after}${only}`));
    return calls.map(({ seq, at, path, grant_type, presented, outcome, code, log_id, via }) => ({
      seq,
      path,
      // Without an address of its own: this process, which looks whether a token works.
      process: via?.client ?? NO_PROCESS,
      beganMs: this.#here(via?.began_ms ?? 0),
      atSeconds: at,
      outcome,
      code,
      logId: log_id,
      ...defined({ grantType: grant_type, presented, end: via?.end }),
      ...(via?.ended_ms === undefined ? {} : { endedMs: this.#here(via.ended_ms) }),
    }));
  }

  /** Every login and its refresh tokens. */
  async families(): Promise<ObservedFamily[]> {
    const { families } = State.parse(await this.#ask("GET", "state"));
    return families.map(({ id, open_id, authorized_at, redeemed, refresh_tokens }) => ({
      id,
      openId: open_id,
      authorizedAtSeconds: authorized_at,
      ...defined({ redeemed }),
      tokens: refresh_tokens.map(({ hash, expires_at }) => ({ hash, endsAtSeconds: expires_at })),
    }));
  }

  /** A time of the sandbox's clock on this process's. */
  #here(sandboxMs: number): number {
    return sandboxMs + (this.#aheadMs.least + this.#aheadMs.most) / 2;
  }

  async #ask(method: string, name: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/_sandbox/${name}`, {
      method,
      // The sandbox closes a connection that was idle for a while, maybe just when it is used again.
      ...(method === "GET" ? {} : { headers: { connection: "close" } }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`The sandbox refused ${method} ${name}: ${JSON.stringify(answer)}`);
    return answer;
  }
}
