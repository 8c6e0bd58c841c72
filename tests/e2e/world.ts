import { OffsetClock } from "../../src/sandbox/offset_clock.ts";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { type ServedSandbox, serveSandbox } from "../../src/sandbox/serve_sandbox.ts";
import { hostEnvironment } from "../clients/host_environment.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { REAL_CLOCK, REAL_RANDOM } from "../support/token_world.ts";
import { Program, type ProgramOptions } from "./program.ts";
import { SandboxControl } from "./sandbox_control.ts";

/** Settings of {@linkcode World.start}. */
export interface WorldStart extends Partial<ProgramOptions> {
  /** Whether it serves its standard streams instead of HTTP. */
  readonly isStdio?: boolean;
}

/** A simulated Feishu, a home, and programs of which each believes the one to be Feishu and the other its user's. */
export class World implements AsyncDisposable {
  /** What the simulated Feishu is told, and asked. */
  readonly feishu: SandboxControl;
  readonly #sandbox: ServedSandbox;
  readonly #home: TempFolder;
  readonly #programs: Program[] = [];

  private constructor(sandbox: ServedSandbox, home: TempFolder) {
    this.#sandbox = sandbox;
    this.#home = home;
    this.feishu = new SandboxControl(sandbox.url);
  }

  static async create(): Promise<World> {
    const clock = new OffsetClock(REAL_CLOCK);
    return new World(await serveSandbox({ clock, random: REAL_RANDOM }), await TempFolder.make());
  }

  /** The home directory of every program. */
  get home(): string {
    return this.#home.path;
  }

  /** Where programs keep what they keep unless told otherwise. */
  get dataFolder(): string {
    return `${this.home}/.local/share/feishu-token-mcp`;
  }

  /** The environment of somebody whose app is configured. */
  async env(): Promise<Record<string, string>> {
    return {
      ...await hostEnvironment(this.home),
      FEISHU_APP_ID: DEFAULT_SANDBOX_APP.appId,
      FEISHU_APP_SECRET: DEFAULT_SANDBOX_APP.appSecret,
      FEISHU_BASE_URL: this.#sandbox.url,
    };
  }

  /** The environment of somebody who has configured nothing. */
  async bareEnv(): Promise<Record<string, string>> {
    return await hostEnvironment(this.home);
  }

  /** Starts a server, on any free port unless over stdio, with a configured app unless `env` says otherwise. */
  async start({ isStdio = false, args = [], ...options }: WorldStart = {}): Promise<Program> {
    const program = new Program({
      stdin: isStdio,
      ...options,
      env: options.env ?? await this.env(),
      args: [...(isStdio ? ["--stdio"] : ["--port", "0"]), ...args],
    });
    this.#programs.push(program);
    return program;
  }

  /** Starts any command. */
  async run(args: readonly string[], options: Partial<ProgramOptions> = {}): Promise<Program> {
    const program = new Program({ ...options, args, env: options.env ?? await this.bareEnv() });
    this.#programs.push(program);
    return program;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#programs) await program[Symbol.asyncDispose]();
    await this.#sandbox.close();
    await this.#home[Symbol.asyncDispose]();
  }
}
