import { childCommand } from "../harness/child_command.ts";
import { median } from "./median.ts";
import { PROJECT_FOLDER } from "./server_process.ts";

/** How long starts take, medians in milliseconds. */
export interface StartFigures {
  /** `deno run` of an empty file, until it has ended. */
  readonly emptyMs: number;
  /** The server on standard streams, until a client that starts it holds an app token. */
  readonly firstTokenMs: number;
}

const MESSAGES = [
  {
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "0" } },
  },
  { method: "notifications/initialized" },
  { id: 2, method: "tools/call", params: { name: "get_feishu_app_token", arguments: {} } },
].map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`).join("");

/** Starts both in turns, `rounds` times, after one start each that fills the caches. */
export async function measureStart(sandboxUrl: string, rounds: number): Promise<StartFigures> {
  const empty = await Deno.makeTempFile({ suffix: ".js" });
  const emptyMs: number[] = [];
  const firstTokenMs: number[] = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      const samples = [await emptyRun(empty), await firstToken(sandboxUrl)] as const;
      if (round === 0) continue;
      emptyMs.push(samples[0]);
      firstTokenMs.push(samples[1]);
    }
  } finally {
    await Deno.remove(empty);
  }
  return { emptyMs: median(emptyMs), firstTokenMs: median(firstTokenMs) };
}

async function emptyRun(file: string): Promise<number> {
  const startedMs = performance.now();
  await childCommand(Deno.execPath(), { args: ["run", file], stdin: "null" }).output();
  return performance.now() - startedMs;
}

async function firstToken(sandboxUrl: string): Promise<number> {
  const startedMs = performance.now();
  const child = childCommand(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "-P=serve", "main.ts"],
      ...["--stdio", "--sandbox-url", sandboxUrl, "--kv", ":memory:"],
    ],
    cwd: PROJECT_FOLDER,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const input = child.stdin.getWriter();
  await input.write(new TextEncoder().encode(MESSAGES));
  let text = "";
  let tookMs = NaN;
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (!text.includes("app_access_token") || !Number.isNaN(tookMs)) continue;
    tookMs = performance.now() - startedMs;
    await input.close();
  }
  await child.status;
  if (Number.isNaN(tookMs)) throw new Error("The server gave no app token over stdio");
  return tookMs;
}
