import { z } from "zod";
import type { ObservedCall } from "./checker/observed_call.ts";
import type { ObservedFamily } from "./checker/observed_run.ts";
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
const NO_PROCESS = "nobody";
/** Finds the calls that present a refresh token. */
export const REFRESH_PATH = "oauth/token|oauth/v3/token|refresh_access_token";
/** Finds the calls that take a refresh token of one generation; those of others are refused there. */
export const REFRESH_PATHS: Readonly<Record<Generation, string>> = {
  v1: "authen/v1/refresh_access_token",
  oidc: "oidc/refresh_access_token",
  // The newer endpoint takes these too.
  v2: "oauth/token|oauth/v3/token",
  v3: "oauth/v3/token",
};
/** Finds the calls for an app token. */
export const APP_TOKEN_PATH = "app_access_token";

const Calls = z.object({
  calls: z.array(z.object({
    seq: z.number(),
    at: z.number(),
    path: z.string(),
    presented: z.string().optional(),
    outcome: z.enum(["accepted", "refused", "dropped_before", "dropped_after", "pending"]),
    code: z.number().nullable(),
    log_id: z.string(),
    via: z.object({
      client: z.string(),
      began_ms: z.number(),
      ended_ms: z.number().optional(),
      end: z.enum(["answered", "cut", "left"]).optional(),
    }),
  })),
});
const State = z.object({
  families: z.array(z.object({
    id: z.number(),
    refresh_tokens: z.array(z.object({ hash: z.string(), expires_at: z.number() })),
  })),
});
const Client = z.object({ url: z.string(), monotonic_ms: z.number() });
const Login = z.object({ refresh_token: z.string() });
const FaultId = z.object({ id: z.number() });

/** The control interface of the simulated Feishu, and its clock in terms of this process's. */
export class FeishuControl {
  readonly #url: string;
  /** How far this process's clock is ahead of the sandbox's, at least and at most. */
  #aheadMs = { least: -Infinity, most: Infinity };

  /** @param url the sandbox's origin. */
  constructor(url: string) {
    this.#url = url;
  }

  /** Finds out what the sandbox's clock shows in terms of this process's. */
  async compareClocks(): Promise<void> {
    for (let count = 0; count < COMPARISONS; count++) await this.addressFor(NO_PROCESS, 0);
    await this.removeAddress(NO_PROCESS);
  }

  /** Logs a user in through `generation`; the first refresh token. */
  async logIn(generation: Generation): Promise<string> {
    return Login.parse(await this.#ask("POST", "logins", { generation })).refresh_token;
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
    return calls.map(({ seq, at, path, presented, outcome, code, log_id, via }) => ({
      seq,
      path,
      process: via.client,
      beganMs: this.#here(via.began_ms),
      atSeconds: at,
      outcome,
      code,
      logId: log_id,
      ...(presented === undefined ? {} : { presented }),
      ...(via.ended_ms === undefined ? {} : { endedMs: this.#here(via.ended_ms) }),
      ...(via.end === undefined ? {} : { end: via.end }),
    }));
  }

  /** Every login and its refresh tokens. */
  async families(): Promise<ObservedFamily[]> {
    const { families } = State.parse(await this.#ask("GET", "state"));
    return families.map(({ id, refresh_tokens }) => ({
      id,
      tokens: refresh_tokens.map(({ hash, expires_at }) => ({ hash, endsAtSeconds: expires_at })),
    }));
  }

  /** A time of the sandbox's clock on this process's. */
  #here(sandboxMs: number): number {
    return sandboxMs + (this.#aheadMs.least + this.#aheadMs.most) / 2;
  }

  async #ask(method: string, name: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#url}/_sandbox/${name}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`The sandbox refused ${method} ${name}: ${JSON.stringify(answer)}`);
    return answer;
  }
}
