import { hostEnvironment } from "../clients/host_environment.ts";
import { RunningServer } from "../clients/running_server.ts";
import { logInAt } from "../clients/sandbox_login.ts";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** What a fresh clone has of this project, as far as its commands need it. */
const PROJECT_FILES = ["deno.json", "deno.lock", "main.ts", ".env.example", "src", "tools"];
/** Long before a test that hangs would be noticed. */
const DEADLINE_MS = 60_000;
const ROOT = new URL("../../", import.meta.url);

/** Ports that a machine which runs tests may not have free, and the programs that readers get from npm. */
const REPLACED: readonly (readonly [RegExp, string])[] = [
  [/\bnpx -y deno@2\.9\.6\b/g, "deno"],
  [/--sandbox(?![-\w])/g, "--sandbox --sandbox-port 0"],
  [/deno task sandbox\b/g, "deno task sandbox --port 0"],
];

/** How a script of the documentation ended. */
export interface ScriptEnd {
  readonly exitCode: number;
  /** Standard output and standard error. */
  readonly output: string;
}

/**
 * A reader's shell: in a fresh copy of the project, with an own home, a server and a sandbox that run, and a user's refresh
 * token in `refresh_token.txt`.
 */
export class DocumentedShell implements AsyncDisposable {
  readonly #folder: TempFolder;
  readonly #server: RunningServer;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(folder: TempFolder, server: RunningServer, env: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#server = server;
    this.#env = env;
  }

  /** Opens one whose Feishu is the sandbox, the reader's app being the sandbox's. */
  static async open(): Promise<DocumentedShell> {
    const folder = await TempFolder.make();
    const server = await RunningServer.start();
    for (const name of PROJECT_FILES) await copy(new URL(name, ROOT), `${folder.path}/${name}`);
    // The README has its reader copy it before anything else.
    await Deno.copyFile(`${folder.path}/.env.example`, `${folder.path}/.env`);
    await Deno.writeTextFile(`${folder.path}/refresh_token.txt`, await logInAt(server.sandboxUrl));
    return new DocumentedShell(folder, server, {
      ...await hostEnvironment(`${folder.path}/home`),
      NO_COLOR: "1",
      FEISHU_APP_ID: DEFAULT_SANDBOX_APP.appId,
      FEISHU_APP_SECRET: DEFAULT_SANDBOX_APP.appSecret,
      FEISHU_BASE_URL: server.sandboxUrl,
      FEISHU_TOKEN_PORT: "0",
    });
  }

  /** Runs `script` to its end. */
  async run(script: string): Promise<ScriptEnd> {
    const child = this.#command(script).spawn();
    const deadline = setTimeout(() => Deno.kill(-child.pid, "SIGKILL"), DEADLINE_MS);
    const { code, stdout, stderr } = await child.output();
    clearTimeout(deadline);
    return { exitCode: code, output: decoded(stdout) + decoded(stderr) };
  }

  /** Starts `script` and ends it as soon as it has written what matches `ready`; all that it wrote until then. */
  async serve(script: string, ready: RegExp): Promise<string> {
    const child = this.#command(`exec 2>&1\n${script}`).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let output = "";
    while (!ready.test(output)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`It ended: ${output}`);
      output += value;
    }
    // The whole group: a task's own process does not hand signals on before its program runs.
    Deno.kill(-child.pid, "SIGKILL");
    await Promise.all([child.status, child.stderr.cancel(), reader.cancel()]);
    return output;
  }

  #command(script: string): Deno.Command {
    return new Deno.Command("bash", {
      args: ["-euo", "pipefail", "-c", this.#here(script)],
      cwd: this.#folder.path,
      env: this.#env,
      clearEnv: true,
      detached: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  }

  #here(script: string): string {
    const [server, sandbox] = [this.#server.url.replace(/\/mcp$/, ""), this.#server.sandboxUrl];
    return REPLACED.reduce((text, [from, to]) => text.replaceAll(from, to), script)
      .replaceAll("http://127.0.0.1:8081", server).replaceAll("http://127.0.0.1:8082", sandbox)
      .replaceAll("/path/to/feishu-token-mcp", this.#folder.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}

async function copy(from: URL, to: string): Promise<void> {
  if (!(await Deno.stat(from)).isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) await copy(new URL(`${from}/${name}`), `${to}/${name}`);
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
