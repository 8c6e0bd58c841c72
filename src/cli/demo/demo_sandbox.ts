import { z } from "zod";

const CallsSchema = z.object({
  calls: z.array(z.object({ seq: z.number(), path: z.string(), outcome: z.string() })),
});

const LoginSchema = z.object({ access_token: z.string(), refresh_token: z.string() });

/** The control interface of a sandbox, as the demonstration uses it. */
export class DemoSandbox {
  readonly #url: string;
  readonly #fetch: typeof fetch;

  /**
   * Talks to the sandbox at the origin `url`.
   *
   * @param url the sandbox's origin.
   */
  constructor(url: string, fetchFunction: typeof fetch) {
    this.#url = url;
    this.#fetch = fetchFunction;
  }

  /** How many calls to a path that contains `part` were accepted. */
  async accepted(part: string): Promise<number> {
    const response = await this.#fetch(`${this.#url}/_sandbox/calls`);
    const { calls } = CallsSchema.parse(await response.json());
    return calls.filter(({ path, outcome }) => path.includes(part) && outcome === "accepted").length;
  }

  /** Lets `seconds` pass for the sandbox and for every server that uses it. */
  async age(seconds: number): Promise<void> {
    await this.#post("clock", { advance_seconds: seconds });
  }

  /** A user logs in; the pair that Feishu would have issued. */
  async login(generation: "v1" | "oidc" | "v2" | "v3"): Promise<{ readonly refreshToken: string }> {
    const { refresh_token } = LoginSchema.parse(await this.#post("logins", { generation }));
    return { refreshToken: refresh_token };
  }

  /** Ends an access token before its time. */
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
