import { endingWithThis } from "../../harness/child_command.ts";
import { type DemoProgram, startProgram } from "../../src/cli/demo/demo_program.ts";
import { hostEnvironment } from "../clients/host_environment.ts";
import { PROGRAM_ARGS } from "../clients/running_server.ts";
import { toolCall } from "../mcp/test_server.ts";
import { ListeningSandbox } from "../sandbox/served_sandbox.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { rawHttp } from "./raw_http.ts";

/** Variables or header fields. */
export type Env = Readonly<Record<string, string>>;

/** A server process whose environment is `env` alone, its Feishu being a sandbox. */
export class ServerProcess implements AsyncDisposable {
  readonly port: number;
  readonly #program: DemoProgram;
  readonly #sandbox: ListeningSandbox;
  readonly #home: TempFolder;

  private constructor(program: DemoProgram, sandbox: ListeningSandbox, home: TempFolder) {
    this.port = Number(new URL(program.url).port);
    this.#program = program;
    this.#sandbox = sandbox;
    this.#home = home;
  }

  /** Starts one; `denoArgs` come before the arguments that keep its store in memory and its log complete. */
  static async start(env: Env, denoArgs: readonly string[] = PROGRAM_ARGS): Promise<ServerProcess> {
    const sandbox = await ListeningSandbox.start();
    const home = await TempFolder.make();
    const self = {
      ...endingWithThis({ command: Deno.execPath(), args: denoArgs }),
      env: { ...await hostEnvironment(home.path), ...env, FEISHU_BASE_URL: sandbox.url },
    };
    const args = ["--kv", ":memory:", "--log-format", "json", "--log-level", "debug"];
    const program = await startProgram(self, new ManualClock(), args, /"url":"(http:\/\/[^"]+)"/);
    return new ServerProcess(program, sandbox, home);
  }

  /** What it has written to standard error so far. */
  log(): string {
    return this.#program.log();
  }

  /** Calls `get_feishu_app_token` with a head that no client would send; status and body. */
  async call(head: Env, query = ""): Promise<{ readonly status: number; readonly text: string }> {
    const body = JSON.stringify(toolCall("get_feishu_app_token"));
    const lines = Object.entries({
      host: "localhost",
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      "content-length": String(body.length),
      connection: "close",
      ...head,
    }).map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const answer = await rawHttp(this.port, `POST /mcp${query} HTTP/1.1\r\n${lines}\r\n${body}`);
    return {
      status: Number(answer.split(" ", 2)[1]),
      text: answer.slice(answer.indexOf("\r\n\r\n") + 4),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.end("SIGTERM");
    await this.#sandbox.close();
    await this.#home[Symbol.asyncDispose]();
  }
}
