import assert from "node:assert/strict";
import { DEFAULT_SANDBOX_APP, FOREIGN_SANDBOX_APP } from "../../../src/sandbox/sandbox_apps.ts";
import { ListeningSandbox } from "../../sandbox/served_sandbox.ts";
import { type CommandEnd, CommandHome, type Surroundings } from "../token/token_platform.ts";

/** A machine with the program on it and without any credentials, and a Feishu that is simulated. */
export class AppMachine implements AsyncDisposable {
  readonly sandbox: ListeningSandbox;
  readonly home: CommandHome;
  #aheadMs = 0;

  private constructor(sandbox: ListeningSandbox, home: CommandHome) {
    this.sandbox = sandbox;
    this.home = home;
  }

  static async start(): Promise<AppMachine> {
    return new AppMachine(await ListeningSandbox.start(), await CommandHome.make());
  }

  /** Runs a command on which only the address of Feishu is set. */
  async run(args: readonly string[], { env, ...more }: Surroundings = {}): Promise<CommandEnd> {
    const own = { FEISHU_BASE_URL: this.sandbox.url, PATH: Deno.env.get("PATH") ?? "", ...env };
    return await this.home.run(args, { env: own, aheadMs: this.#aheadMs, ...more });
  }

  /** Keeps the first or the second app of the sandbox. */
  async add(name: string, app = DEFAULT_SANDBOX_APP, env: Record<string, string> = {}): Promise<void> {
    const args = ["app", "add", name, "--app-id", app.appId];
    const { exitCode, stderr } = await this.run(args, { stdin: `${app.appSecret}\n`, env });
    assert.equal(exitCode, 0, stderr);
  }

  /** Resets an app's secret at Feishu. */
  async reset(secret: string, app = DEFAULT_SANDBOX_APP): Promise<void> {
    const body = { app_id: app.appId, app_secret: secret };
    assert.equal((await this.sandbox.send("POST", "/_sandbox/apps", body)).status, 200);
  }

  /** Logs a person in to the app that counts. */
  async logIn(user = "Ann", flags: readonly string[] = []): Promise<void> {
    const started = JSON.parse((await this.run(["login", "--no-wait", ...flags])).stdout);
    const decision = { user_code: started.user_code, action: "approve", user };
    assert.equal((await this.sandbox.send("POST", "/_sandbox/device", decision)).status, 200);
    await this.pass(10_000);
    const end = await this.run(["login", "--resume", started.login_id, "--no-wait", ...flags]);
    assert.equal(end.exitCode, 0, end.stderr);
  }

  async pass(ms: number): Promise<void> {
    this.#aheadMs += ms;
    await this.sandbox.send("POST", "/_sandbox/clock", { advance_seconds: ms / 1_000 });
  }

  /** Of a kept app that is not the sandbox's default one. */
  get other(): typeof FOREIGN_SANDBOX_APP {
    return FOREIGN_SANDBOX_APP;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.home[Symbol.asyncDispose]();
    await this.sandbox[Symbol.asyncDispose]();
  }
}
