import { z } from "zod";
import { DEFAULT_SANDBOX_APP, type SandboxApp } from "../../src/sandbox/sandbox_apps.ts";
import type { Generation } from "../../src/sandbox/token_lifetimes.ts";
import { eventually } from "../support/eventually.ts";

const CallsSchema = z.object({
  calls: z.array(z.object({
    path: z.string(),
    presented: z.string().optional(),
    outcome: z.enum(["accepted", "refused", "dropped_before", "dropped_after", "pending"]),
  })),
});

const LoginSchema = z.object({ refresh_token: z.string(), access_token: z.string() });

/** What became of one call that presented a refresh token. */
export type RefreshOutcome = z.infer<typeof CallsSchema>["calls"][number]["outcome"];

/** Controls the sandbox at an address as scripts outside of this repository do. */
export class SandboxControl {
  /** Its origin. */
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Logs a user in; the refresh token. Those of v1 are short, those of v2 more than a thousand characters long. */
  async logIn(generation: Generation = "v2", app: SandboxApp = DEFAULT_SANDBOX_APP): Promise<string> {
    const login = { generation, app_id: app.appId };
    return LoginSchema.parse(await this.#ask("POST", "logins", login)).refresh_token;
  }

  /** Decides on Feishu's page, as the person would who has `userCode`. */
  async decide(userCode: string, action: "approve" | "deny", user: string): Promise<void> {
    await this.#ask("POST", "device", { user_code: userCode, action, user });
  }

  /** Makes the next refresh go wrong. */
  async faultNextRefresh(fault: { readonly kind: string; readonly ms?: number }): Promise<void> {
    await this.#ask("POST", "faults", { ...fault, path: "oauth/token|refresh_access_token", times: 1 });
  }

  /** Makes the next call for an app token take longer. */
  async slowNextAppToken(ms: number): Promise<void> {
    await this.#ask("POST", "faults", { kind: "slow", ms, path: "app_access_token", times: 1 });
  }

  /** Makes calls go wrong until {@linkcode SandboxControl.clearFaults}. */
  async fault(fault: { readonly kind: string; readonly ms?: number; readonly path?: string }): Promise<void> {
    await this.#ask("POST", "faults", fault);
  }

  /** Ends every fault; what hangs goes on. */
  async clearFaults(): Promise<void> {
    await this.#ask("DELETE", "faults");
  }

  /** Sends any other control call. */
  async control(path: string, body: unknown): Promise<unknown> {
    return await this.#ask("POST", path, body);
  }

  /** Lets time pass. */
  async advance(seconds: number): Promise<void> {
    await this.#ask("POST", "clock", { advance_seconds: seconds });
  }

  /** Ends an access token before its time. */
  async revoke(accessToken: string): Promise<void> {
    await this.#ask("POST", "revoke", { access_token: accessToken });
  }

  /** How many calls asked for an app token. */
  async appTokenCalls(): Promise<number> {
    return await this.callsTo("app_access_token");
  }

  /** Starts anew: no user, no token, no fault, no call, no time that has passed. */
  async reset(): Promise<void> {
    await this.#ask("POST", "reset");
  }

  /** How many calls to paths that contain `part` it has received. */
  async callsTo(part: string): Promise<number> {
    const { calls } = CallsSchema.parse(await this.#ask("GET", "calls"));
    return calls.filter(({ path }) => path.includes(part)).length;
  }

  /** What became of each call that presented a refresh token. */
  async refreshes(): Promise<RefreshOutcome[]> {
    const { calls } = CallsSchema.parse(await this.#ask("GET", "calls"));
    return calls.filter(({ presented }) => presented !== undefined).map(({ outcome }) => outcome);
  }

  /** Hashes of the refresh tokens that were presented, one a call. */
  async presented(): Promise<string[]> {
    const { calls } = CallsSchema.parse(await this.#ask("GET", "calls"));
    return calls.flatMap(({ presented }) => presented === undefined ? [] : [presented]);
  }

  /** Waits until the last of `count` calls that presented a refresh token has come to `outcome`. */
  async until(count: number, outcome: RefreshOutcome): Promise<void> {
    let seen: RefreshOutcome[] = [];
    const what = (): string => `${count} refreshes, the last one ${outcome}, but [${seen.join()}]`;
    await eventually(what, async () => {
      seen = await this.refreshes();
      return seen.length === count && seen.at(-1) === outcome;
    });
  }

  async #ask(method: string, name: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/_sandbox/${name}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`The sandbox refused: ${JSON.stringify(answer)}`);
    return answer;
  }
}
