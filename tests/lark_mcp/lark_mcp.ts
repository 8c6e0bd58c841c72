import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type CommandLine, endingWithThis } from "../../harness/child_command.ts";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { hostEnvironment } from "../clients/host_environment.ts";
import { TempFolder } from "../support/temp_folder.ts";

const CONFIG = fileURLToPath(new URL("deno.json", import.meta.url));
const MOVED_CLOCK = fileURLToPath(new URL("moved_clock.ts", import.meta.url));

/** A program to start: as Feishu's MCP server comes, with a home of its own. */
export interface LarkMcpProgram extends CommandLine {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** The home of Feishu's MCP server, lark-mcp, and the programs that it is started as. */
export class LarkMcp implements AsyncDisposable {
  readonly #home: TempFolder;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(home: TempFolder, env: Readonly<Record<string, string>>) {
    this.#home = home;
    this.#env = env;
  }

  static async install(): Promise<LarkMcp> {
    const home = await TempFolder.make();
    const env = await hostEnvironment(home.path);
    // It opens its links in the browser of the machine: here in programs that do nothing.
    const programs = `${home.path}/programs`;
    await Deno.mkdir(programs);
    for (const name of ["open", "xdg-open"]) {
      await Deno.writeTextFile(`${programs}/${name}`, "#!/bin/sh\n", { mode: 0o755 });
    }
    const clock = `${home.path}/clock`;
    await Deno.writeTextFile(clock, "0");
    const added = { PATH: `${programs}:${env.PATH}`, BROWSER: "true", LARK_MCP_CLOCK: clock };
    return new LarkMcp(home, { ...env, ...added });
  }

  /** `lark-mcp COMMAND …` for the app of the sandbox at `url`, listening on a free port for the browser. */
  program(url: string, command: "login" | "mcp", args: readonly string[] = []): LarkMcpProgram {
    const { appId, appSecret } = DEFAULT_SANDBOX_APP;
    const child = endingWithThis({
      command: Deno.execPath(),
      args: [
        ...["run", "--quiet", "--no-prompt", "--frozen", "--config", CONFIG, "-P=client"],
        ...["--preload", MOVED_CLOCK, "@larksuiteoapi/lark-mcp", command],
        ...["--app-id", appId, "--app-secret", appSecret, "--domain", url],
        ...["--host", "127.0.0.1", "--port", String(freePort()), ...args],
      ],
    });
    return { ...child, env: this.#env, cwd: this.#home.path };
  }

  /** Advances the clock of its programs. */
  async advance(ms: number): Promise<void> {
    await Deno.writeTextFile(this.#env.LARK_MCP_CLOCK ?? "", String(ms));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#home[Symbol.asyncDispose]();
  }
}

/** `lark-mcp login` while it waits for its person. */
export class RunningLogin implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #output: ReadableStreamDefaultReader<string>;
  #text = "";

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Starts it, and waits for its link. */
  static async start({ command, args, env, cwd }: LarkMcpProgram): Promise<RunningLogin> {
    const child = new Deno.Command(command, {
      args: [...args],
      env: { ...env },
      clearEnv: true,
      cwd,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const login = new RunningLogin(child);
    while (!login.#text.includes("Waiting for authorization")) {
      assert(await login.#read(), `lark-mcp has ended: ${login.#text}`);
    }
    return login;
  }

  /** The link that its person opens. */
  get link(): string {
    return /^http:\S+\/authorize\?\S+$/m.exec(this.#text)?.[0] ?? "";
  }

  /** Waits for its end: its exit code, and all that it has printed. */
  async end(): Promise<{ readonly code: number; readonly text: string }> {
    while (await this.#read());
    return { code: (await this.#child.status).code, text: this.#text };
  }

  async #read(): Promise<boolean> {
    const { value = "", done } = await this.#output.read();
    this.#text += value;
    return !done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // It has ended.
    }
    await this.#child.status;
    await this.#output.cancel();
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
