import { SandboxControl } from "../../tests/e2e/sandbox_control.ts";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { ServerProcess } from "../server_process.ts";

const SANDBOX = /sandbox (http:\S+) app_id/;

/** Where app tokens come from, and where v2 refresh tokens are spent. */
export const APP_TOKEN_PATH = "/open-apis/auth/v3/app_access_token/internal";
export const REFRESH_PATH = "/open-apis/authen/v2/oauth/token";

/** The simulated Feishu in a process of its own. */
export class Upstream implements AsyncDisposable {
  readonly #process: ServerProcess;
  /** Its control interface. */
  readonly control: SandboxControl;

  private constructor(process: ServerProcess) {
    this.#process = process;
    this.control = new SandboxControl(process.url);
  }

  /** Starts it on a free port. */
  static async start(): Promise<Upstream> {
    return new Upstream(
      await ServerProcess.start(["-P=serve", "main.ts", "sandbox", "--port", "0"], SANDBOX),
    );
  }

  /** Its origin. */
  get url(): string {
    return this.#process.url;
  }

  /** How long a call for an app token takes that comes straight from here, in milliseconds. */
  async latencyMs(): Promise<number> {
    const startedMs = performance.now();
    const response = await fetch(`${this.url}${APP_TOKEN_PATH}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        app_id: DEFAULT_SANDBOX_APP.appId,
        app_secret: DEFAULT_SANDBOX_APP.appSecret,
      }),
    });
    await response.text();
    return performance.now() - startedMs;
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop();
  }
}
