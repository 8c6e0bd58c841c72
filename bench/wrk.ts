import type { LoadResult, LoadTarget, LoadTool } from "./load_tool.ts";
import { runCommand } from "../harness/run_command.ts";

/** `wrk`, where it is installed (Debian has it): it takes the least from the server's share of a small machine. */
export async function findWrk(): Promise<LoadTool | undefined> {
  try {
    // It has no way to tell its version that ends with 0.
    const { output } = await runCommand("wrk", ["--version"]);
    const version = /^wrk \S*?(\d+\.\d+\.\d+)/m.exec(output)?.[1] ?? "";
    return { name: `wrk ${version}`.trim(), run };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function run(target: LoadTarget, connections: number, seconds: number): Promise<LoadResult> {
  const script = await Deno.makeTempFile({ suffix: ".lua" });
  try {
    await Deno.writeTextFile(script, luaScript(target));
    const { output } = await runCommand("wrk", [
      ...["-t1", `-c${connections}`, `-d${seconds}s`],
      ...["-s", script, target.url],
    ]);
    const number = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? 0);
    const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(output) ?? [];
    return {
      requestsPerSecond: number(/Requests\/sec:\s+([\d.]+)/),
      requests: number(/(\d+) requests in/),
      failures: number(/Non-2xx or 3xx responses: (\d+)/) +
        broken.slice(1).reduce((sum, count) => sum + Number(count), 0),
    };
  } finally {
    await Deno.remove(script);
  }
}

function luaScript({ headers, body }: LoadTarget): string {
  const lines = Object.entries(headers).map(([name, value]) =>
    `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`
  );
  return [`wrk.method = "POST"`, `wrk.body = ${JSON.stringify(body)}`, ...lines, ""].join("\n");
}
