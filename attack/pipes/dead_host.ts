import { fileURLToPath } from "node:url";
import { childCommand } from "../../harness/child_command.ts";
import { runCommand } from "../../harness/run_command.ts";
import { pause } from "../../harness/pause.ts";
import type { PipesBench } from "./pipes_bench.ts";
import { INITIALIZE, refreshLine } from "./stdio_lines.ts";

const NAME = "the host is killed during a refresh";
const HOST = fileURLToPath(new URL("dying_host.ts", import.meta.url));
const FEISHU_MS = 1_500;
const END_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;

/** Kills the host of a stdio server while its refresh is out: the server ends by itself, and the pair is stored. */
export async function deadHost(bench: PipesBench): Promise<void> {
  const { findings, denoDir } = bench.context;
  const { args, env, client } = await bench.startOf(["--stdio"]);
  const token = await bench.feishu.logIn("v2");
  await bench.faultRefresh(client, { kind: "slow", ms: FEISHU_MS, times: 1 });
  const host = childCommand(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-run", HOST],
    env: { ...env, DENO_DIR: denoDir },
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const order = { args, env, input: INITIALIZE + refreshLine("refresh", token) };
  const writer = host.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${JSON.stringify(order)}\n`));
  const isOut = await bench.hasRefresh(client);
  findings.expect(isOut, "other", NAME, "the refresh was not sent to Feishu");
  host.kill("SIGKILL");
  const pid = Number(new TextDecoder().decode((await host.output()).stdout));
  await writer.abort().catch(() => {});
  const untilMs = performance.now() + END_WITHIN_MS;
  while (await isRunning(pid) && performance.now() < untilMs) await pause(LOOK_EVERY_MS);
  if (await isRunning(pid)) {
    findings.add("hang", NAME, "the server still runs");
    Deno.kill(pid, "SIGKILL");
  }
  await bench.expectStored(NAME, token);
}

/** Whether a process runs: not one that has ended and that nobody has waited for. */
async function isRunning(pid: number): Promise<boolean> {
  const { output } = await runCommand("ps", ["-o", "stat=", "-p", String(pid)]);
  return output.trim() !== "" && !output.trim().startsWith("Z");
}
