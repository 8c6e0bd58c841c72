import assert from "node:assert/strict";
import type { Log } from "../../src/ports/log.ts";
import type { CallView } from "../../src/sandbox/calls.ts";
import { OffsetClock } from "../../src/sandbox/offset_clock.ts";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { type ServedSandbox, serveSandbox } from "../../src/sandbox/serve_sandbox.ts";
import type { Generation } from "../../src/sandbox/token_lifetimes.ts";
import { PATHS, text } from "./asked_sandbox.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { SeededRandom } from "./seeded_random.ts";

/** An answer over HTTP. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; empty when it is none. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** A sandbox that listens, on a clock that stands still. */
export class ListeningSandbox implements AsyncDisposable {
  readonly #served: ServedSandbox;
  readonly base: ManualClock;
  readonly clock: OffsetClock;

  private constructor(served: ServedSandbox, base: ManualClock, clock: OffsetClock) {
    this.#served = served;
    this.base = base;
    this.clock = clock;
  }

  static async start(log?: Log): Promise<ListeningSandbox> {
    const base = new ManualClock();
    const clock = new OffsetClock(base);
    const served = await serveSandbox({ clock, random: new SeededRandom(2), ...(log && { log }) });
    return new ListeningSandbox(served, base, clock);
  }

  get url(): string {
    return this.#served.url;
  }

  get port(): number {
    return this.#served.port;
  }

  close(): Promise<void> {
    return this.#served.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Sends a request on a connection of its own: on one used before, Deno's fetch sends a cut request once more. */
  async send(method: string, path: string, body?: unknown, init: RequestInit = {}): Promise<Reply> {
    const response = await fetch(this.url + path, {
      ...init,
      method,
      headers: { connection: "close", "content-type": "application/json", ...init.headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const { status, headers } = response;
    const received = await response.text();
    const json = headers.get("content-type")?.includes("json") ? JSON.parse(received) : {};
    return { status, headers, text: received, json };
  }

  /** Sets a fault. */
  async fault(fault: Readonly<Record<string, unknown>>): Promise<void> {
    assert.equal((await this.send("POST", "/_sandbox/faults", fault)).status, 200);
  }

  /** Logs a user in; returns the refresh token. */
  async logIn(generation: Generation): Promise<string> {
    return text((await this.send("POST", "/_sandbox/logins", { generation })).json.refresh_token);
  }

  /** Presents a refresh token to v2. */
  refresh(refreshToken: string, init: RequestInit = {}): Promise<Reply> {
    return this.send("POST", PATHS.v2, {
      grant_type: "refresh_token",
      client_id: DEFAULT_SANDBOX_APP.appId,
      client_secret: DEFAULT_SANDBOX_APP.appSecret,
      refresh_token: refreshToken,
    }, init);
  }

  /** Asks for a tenant token. */
  tenantToken(): Promise<Reply> {
    return this.send("POST", PATHS.tenantToken, {
      app_id: DEFAULT_SANDBOX_APP.appId,
      app_secret: DEFAULT_SANDBOX_APP.appSecret,
    });
  }

  /** What the sandbox was asked. */
  async calls(): Promise<readonly CallView[]> {
    const { calls } = (await this.send("GET", "/_sandbox/calls")).json;
    assert(Array.isArray(calls));
    return calls;
  }

  /** Outcome and code of each call. */
  async outcomes(): Promise<readonly (readonly [string, number | null])[]> {
    return (await this.calls()).map(({ outcome, code }) => [outcome, code]);
  }
}
