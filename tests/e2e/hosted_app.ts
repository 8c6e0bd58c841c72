import { OffsetClock } from "../../src/sandbox/offset_clock.ts";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { type ServedSandbox, serveSandbox } from "../../src/sandbox/serve_sandbox.ts";
import { TIME_IS_UP, within } from "../../src/concurrency/within.ts";
import { hostEnvironment } from "../clients/host_environment.ts";
import { PROGRAM_FOLDER } from "../clients/running_server.ts";
import { toolCall } from "../mcp/test_server.ts";
import { type DenoKvServer, startDenoKv } from "../support/denokv.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { REAL_CLOCK, REAL_RANDOM } from "../support/token_world.ts";
import { LoadBalancer } from "./load_balancer.ts";
import { Program, type ProgramEnd } from "./program.ts";
import { SandboxControl } from "./sandbox_control.ts";

/** Between the platform's two signals (docs.deno.com/deploy/reference/runtime, "Shutdown"). */
const GRACE_MS = 5_000;

/** How an instance ended. */
export interface InstanceEnd extends ProgramEnd {
  /** Whether it took the second signal. */
  readonly wasKilled: boolean;
}

/** One instance of the app. */
export interface Instance {
  /** Its own origin, which only the balancer knows. */
  readonly url: string;
  /** Stops it as the platform does: traffic away, SIGINT, and SIGKILL five seconds later. */
  stop(): Promise<InstanceEnd>;
}

/**
 * The app as Deno Deploy runs it, as far as that can be had on one machine: every permission, no flags, settings from the
 * environment alone, no home and no disk of its own, several instances behind a balancer.
 *
 * There `Deno.openKv()` without a path opens the database that was assigned to the app. Here the same call reaches a
 * `denokv`, by `DENO_KV_DEFAULT_PATH`, which Deno itself reads and does not document (ext/kv/dynamic.rs, seen on 2.9.6).
 * The place of the store is thus `platform` for the program too, and the protocol beneath is the platform's: KV Connect.
 */
export class HostedApp implements AsyncDisposable {
  /** What the simulated Feishu is told, and asked. */
  readonly feishu: SandboxControl;
  readonly #sandbox: ServedSandbox;
  readonly #folder: TempFolder;
  readonly #denokv: DenoKvServer;
  readonly #balancer = new LoadBalancer();
  readonly #programs: Program[] = [];

  private constructor(sandbox: ServedSandbox, folder: TempFolder, denokv: DenoKvServer) {
    this.#sandbox = sandbox;
    this.#folder = folder;
    this.#denokv = denokv;
    this.feishu = new SandboxControl(sandbox.url);
  }

  /** An app without instances, on the `denokv` program at a path. */
  static async create(denokv: string): Promise<HostedApp> {
    const folder = await TempFolder.make();
    const sandbox = await serveSandbox({ clock: new OffsetClock(REAL_CLOCK), random: REAL_RANDOM });
    return new HostedApp(sandbox, folder, await startDenoKv(denokv, folder.path));
  }

  /** The origin that clients know. */
  get url(): string {
    return this.#balancer.url;
  }

  /** Starts one more instance and sends traffic to it. */
  async start(): Promise<Instance> {
    const { HOME: _noHome, ...machine } = await hostEnvironment(this.#folder.path);
    const program = new Program({
      // The platform passes `--allow-all` and nothing else; no task of this project does.
      denoArgs: ["run", "--allow-all"],
      args: [`${PROGRAM_FOLDER}/main.ts`],
      cwd: PROGRAM_FOLDER,
      env: {
        ...machine,
        DENO_DEPLOY: "true",
        PORT: "0",
        DENO_KV_DEFAULT_PATH: this.#denokv.url,
        DENO_KV_ACCESS_TOKEN: this.#denokv.accessToken,
        FEISHU_TOKEN_KEY: "deploy:ZGVub19kZXBsb3lfc2VydmVyX2tleV9vZl8zMl9ieXQ=",
        FEISHU_TOKEN_HOST: "0.0.0.0",
        FEISHU_TOKEN_ALLOWED_HOSTS: new URL(this.url).host,
        FEISHU_BASE_URL: this.#sandbox.url,
      },
    });
    this.#programs.push(program);
    const url = new URL(await program.listens()).origin;
    this.#balancer.add(url);
    return { url, stop: () => this.#stop(url, program) };
  }

  /** Calls a tool through the balancer with the app's credentials in headers; status and result of the answer. */
  async call(name: string, args: Record<string, unknown> = {}): Promise<{ status: number; result: unknown }> {
    const response = await fetch(`${this.url}/mcp`, {
      method: "POST",
      headers: {
        accept: "application/json, text/event-stream",
        "content-type": "application/json",
        "x-feishu-app-id": DEFAULT_SANDBOX_APP.appId,
        "x-feishu-app-secret": DEFAULT_SANDBOX_APP.appSecret,
        connection: "close",
      },
      body: JSON.stringify(toolCall(name, args)),
    });
    const text = await response.text();
    return { status: response.status, result: text === "" ? null : JSON.parse(text).result };
  }

  /** Everything that the instances have written to standard error. */
  log(): string {
    return this.#programs.map(({ stderr }) => stderr).join("");
  }

  async #stop(url: string, program: Program): Promise<InstanceEnd> {
    this.#balancer.remove(url);
    program.kill("SIGINT");
    const ended = program.end();
    const wasKilled = await within(REAL_CLOCK, GRACE_MS, ended) === TIME_IS_UP;
    if (wasKilled) program.kill("SIGKILL");
    return { ...await ended, wasKilled };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#programs) await program[Symbol.asyncDispose]();
    await this.#balancer[Symbol.asyncDispose]();
    await this.#denokv[Symbol.asyncDispose]();
    await this.#sandbox.close();
    await this.#folder[Symbol.asyncDispose]();
  }
}
