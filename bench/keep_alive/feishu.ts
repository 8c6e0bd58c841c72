import { z } from "zod";
import type { SeenGrant, SeenRenewal } from "./keep_alive_figures.ts";

const Calls = z.object({
  calls: z.array(z.object({
    seq: z.number(),
    at: z.number(),
    path: z.string(),
    grant_type: z.string().optional(),
    presented: z.string().optional(),
    outcome: z.string(),
    code: z.number().nullable(),
    via: z.object({ began_ms: z.number() }).optional(),
  })),
});
const State = z.object({
  families: z.array(z.object({
    authorized_at: z.number(),
    refresh_tokens: z.array(z.object({ hash: z.string(), expires_at: z.number() })),
  })),
});
const Client = z.object({ url: z.string() });
const Clock = z.object({ now: z.number() });

/** The simulated Feishu's control interface, as far as keep-alive is measured with it. */
export class Feishu {
  readonly #url: string;
  #lastSeq = 0;

  /** @param url its origin. */
  constructor(url: string) {
    this.#url = url;
  }

  /** An address of its own for the process `name`: its calls are recorded with real times. */
  async addressFor(name: string): Promise<string> {
    return Client.parse(await this.#ask("POST", "clients", { name })).url;
  }

  /** The person `user` agrees to the login with this code. */
  async approve(userCode: string, user: string): Promise<void> {
    await this.#ask("POST", "device", { user_code: userCode, action: "approve", user });
  }

  /** Lets time pass. */
  async advance(seconds: number): Promise<void> {
    await this.#ask("POST", "clock", { advance_seconds: seconds });
  }

  /** Its own clock, in Unix seconds. */
  async nowSeconds(): Promise<number> {
    return Clock.parse(await this.#ask("GET", "clock")).now;
  }

  /** The renewals that it has recorded since this was called last, but for those from the first that goes on. */
  async newRenewals(): Promise<SeenRenewal[]> {
    const all = Calls.parse(await this.#ask("GET", `calls?after=${this.#lastSeq}`)).calls;
    const pending = all.findIndex(({ outcome }) => outcome === "pending");
    const calls = pending === -1 ? all : all.slice(0, pending);
    this.#lastSeq = calls.at(-1)?.seq ?? this.#lastSeq;
    return calls.flatMap(({ at, grant_type, presented = "", code, via }) =>
      grant_type === "refresh_token"
        ? [{ presented, isIssued: code === 0, atSeconds: at, atMs: via?.began_ms ?? at * 1_000 }]
        : []
    );
  }

  /** Every grant. */
  async grants(): Promise<SeenGrant[]> {
    const { families } = State.parse(await this.#ask("GET", "state"));
    return families.map(({ authorized_at, refresh_tokens }) => ({
      authorizedAtSeconds: authorized_at,
      tokens: refresh_tokens.map(({ hash, expires_at }) => ({ hash, endsAtSeconds: expires_at })),
    }));
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
