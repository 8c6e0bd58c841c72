import { childCommand } from "../../harness/child_command.ts";

/** One for the test process: Deno reads it from the environment when a database is opened. */
const ACCESS_TOKEN = "test-access-token-of-at-least-some-length";

/** The `denokv` program: `DENOKV_BIN`, on PATH, or in the cache folder into which `.ci/run` builds it. */
export async function findDenoKv(): Promise<string | undefined> {
  const named = Deno.env.get("DENOKV_BIN");
  const cache = `${Deno.env.get("HOME")}/.cache/feishu-token-mcp/denokv/bin/denokv`;
  for (const candidate of [named, "denokv", cache]) {
    if (candidate === undefined) continue;
    try {
      const { success } = await new Deno.Command(candidate, {
        args: ["--help"],
        stdout: "null",
        stderr: "null",
      })
        .output();
      if (success) return candidate;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

/** A self-hosted KV server for tests, on a port of its own. */
export class DenoKvServer implements AsyncDisposable {
  /** For `Deno.openKv`, with {@linkcode DenoKvServer.accessToken} in `DENO_KV_ACCESS_TOKEN`. */
  readonly url: string;
  /** The only one that it takes; also in this process's environment. */
  readonly accessToken: string = ACCESS_TOKEN;
  readonly #start: () => Deno.ChildProcess;
  #child: Deno.ChildProcess;

  /** Of {@linkcode startDenoKv} alone. */
  constructor(url: string, start: () => Deno.ChildProcess) {
    this.url = url;
    this.#start = start;
    this.#child = start();
  }

  /** Stops it in the middle of whatever it does; connections stay open. */
  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  /** Lets it go on. */
  resume(): void {
    this.#child.kill("SIGCONT");
  }

  /** Ends it the hard way. */
  async kill(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#child.status;
  }

  /** After a kill: the same file on the same port. Resolves when it answers. */
  async restart(): Promise<void> {
    this.#child = this.#start();
    await this.answering();
  }

  /** Resolves when it answers. */
  async answering(): Promise<void> {
    while (!await answers(this.url)) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** Starts the server on a file in `folder` and resolves when it answers. */
export async function startDenoKv(program: string, folder: string): Promise<DenoKvServer> {
  Deno.env.set("DENO_KV_ACCESS_TOKEN", ACCESS_TOKEN);
  const port = freePort();
  // As docs/deploy.md says.
  const command = childCommand(program, {
    args: ["serve", "--addr", `127.0.0.1:${port}`],
    env: { DENO_KV_SQLITE_PATH: `${folder}/kv.sqlite3`, DENO_KV_ACCESS_TOKEN: ACCESS_TOKEN },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  });
  const server = new DenoKvServer(`http://127.0.0.1:${port}`, () => command.spawn());
  await server.answering();
  return server;
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}
