import * as z from "zod";

const CallsSchema = z.object({
  calls: z.array(z.object({ seq: z.number(), path: z.string(), outcome: z.string() })),
});

const CodeSchema = z.object({ code: z.number() });

const LoginSchema = z.object({ access_token: z.string(), refresh_token: z.string() });

/** The calls of a sandbox's control interface that the demo needs. */
export class DemoSandbox {
  readonly #url: string;
  readonly #fetch: typeof fetch;

  /**
   * Talks to one sandbox.
   *
   * @param url its origin.
   */
  constructor(url: string, fetchFunction: typeof fetch) {
    this.#url = url;
    this.#fetch = fetchFunction;
  }

  /** Number of accepted calls to paths that contain `part`. */
  async accepted(part: string): Promise<number> {
    const response = await this.#fetch(`${this.#url}/_sandbox/calls`);
    const { calls } = CallsSchema.parse(await response.json());
    return calls.filter(({ path, outcome }) => path.includes(part) && outcome === "accepted").length;
  }

  /** Advances the clock of the sandbox, and of every server that uses it, by `seconds`. */
  async age(seconds: number): Promise<void> {
    await this.#post("clock", { advance_seconds: seconds });
  }

  /** Logs a user in; answers the refresh token that Feishu would have issued. */
  async login(generation: "v1" | "oidc" | "v2" | "v3"): Promise<{ readonly refreshToken: string }> {
    const { refresh_token } = LoginSchema.parse(await this.#post("logins", { generation }));
    return { refreshToken: refresh_token };
  }

  /** The person who was shown `userCode` agrees. */
  async decide(userCode: string, user: string): Promise<void> {
    await this.#post("device", { user_code: userCode, action: "approve", user });
  }

  /** Whether Feishu's APIs take a user token. */
  async works(accessToken: string): Promise<boolean> {
    const response = await this.#fetch(`${this.#url}/open-apis/authen/v1/user_info`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    return CodeSchema.parse(await response.json()).code === 0;
  }

  /** Ends an access token before it expires. */
  async revoke(accessToken: string): Promise<void> {
    await this.#post("revoke", { access_token: accessToken });
  }

  async #post(path: string, body: unknown): Promise<unknown> {
    const response = await this.#fetch(`${this.#url}/_sandbox/${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return await response.json();
  }
}
