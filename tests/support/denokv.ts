/** A self-hosted KV server for tests, on a port of its own. */
export interface DenoKvServer extends AsyncDisposable {
  /** For `Deno.openKv`, with the access token in `DENO_KV_ACCESS_TOKEN`. */
  readonly url: string;
}

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

/** Starts the server on a file in `folder` and resolves when it answers. */
export async function startDenoKv(program: string, folder: string): Promise<DenoKvServer> {
  Deno.env.set("DENO_KV_ACCESS_TOKEN", ACCESS_TOKEN);
  const port = freePort();
  const child = new Deno.Command(program, {
    args: [
      `--sqlite-path=${folder}/kv.sqlite3`,
      "serve",
      "--addr",
      `127.0.0.1:${port}`,
      "--access-token",
      ACCESS_TOKEN,
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `http://127.0.0.1:${port}`;
  while (!await answers(url)) await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    url,
    async [Symbol.asyncDispose](): Promise<void> {
      child.kill("SIGKILL");
      await child.status;
    },
  };
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
