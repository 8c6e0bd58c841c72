/**
 * `deno task bench [--start] [--rounds N] [--seconds N] [--connections N]`: the real server on a sandbox, compared with a bare one that
 * gives the same answers. Prints Markdown.
 *
 * @module
 */

import { machine } from "../harness/machine.ts";
import { readArguments, runTask, wholeNumber } from "../tools/developer_task.ts";
import { AUTOCANNON } from "./autocannon.ts";
import { measureLoad, type Scenario } from "./measure_load.ts";
import { measureStart } from "./measure_start.ts";
import { benchReport, startReport } from "./report.ts";
import { ServerProcess } from "./server_process.ts";
import { findWrk } from "./wrk.ts";

const USAGE = `deno task bench [--start] [--rounds N] [--seconds N] [--connections N]

  --start          measure starts alone, each of them --rounds times
  --rounds N       turns of each server, of which the medians are printed (5)
  --seconds N      how long a turn takes (4)
  --connections N  open at once (16)`;

const LISTENING = /"url":"(http:\/\/[^"]+)"/;
const SANDBOX = /sandbox (http:\/\/\S+ app_id=\S+ app_secret=\S+)/;
const START_ROUNDS = 9;

const MCP_HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };
const LIST = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
const CALL = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "get_feishu_app_token", arguments: {} },
});

async function bench(args: string[]): Promise<number> {
  const { values } = readArguments({
    args,
    options: {
      start: { type: "boolean", default: false },
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "4" },
      connections: { type: "string", default: "16" },
    },
  });
  const [rounds, seconds] = [
    wholeNumber("rounds", values.rounds, 1),
    wholeNumber("seconds", values.seconds, 1),
  ];
  const connections = wholeNumber("connections", values.connections, 1);
  const tool = await findWrk() ?? AUTOCANNON;
  const running: ServerProcess[] = [];
  const start = async (args: readonly string[], pattern: RegExp): Promise<ServerProcess> => {
    const server = await ServerProcess.start(args, pattern);
    running.push(server);
    return server;
  };
  try {
    const sandbox = await start(["-P=serve", "main.ts", "sandbox", "--port", "0"], SANDBOX);
    const [url = "", id, secret] = sandbox.url.split(/ app_id=| app_secret=/);
    const date = new Date().toISOString().slice(0, 10);
    if (values.start) {
      const figures = await measureStart(url, rounds);
      await print(
        `${date}, ${machine()}. Medians of ${rounds} starts in turns.\n\n${startReport(figures)}\n`,
      );
      return 0;
    }
    const bare = await start(["--allow-net=127.0.0.1", "bench/bare_server.ts"], LISTENING);
    const serve = ["-P=serve", "main.ts", "--port", "0", "--kv", ":memory:"];
    // A first start fills Deno's caches of compiled code, and the process that compiles keeps the memory it took.
    await (await ServerProcess.start([...serve, "--sandbox-url", url], LISTENING)).stop();
    const server = await start([...serve, "--sandbox-url", url], LISTENING);
    const idleMebibytes = await server.residentMebibytes();
    // Has no credentials of its own, and takes them from each request.
    const shared = await start([...serve, "--base-url", url], LISTENING);
    const credentials = { "x-feishu-app-id": id ?? "", "x-feishu-app-secret": secret ?? "" };
    const scenarios: Scenario[] = [
      { name: "`get_feishu_app_token`", headers: MCP_HEADERS, body: CALL, server, bare },
      {
        name: "`get_feishu_app_token`, credentials in headers",
        headers: { ...MCP_HEADERS, ...credentials },
        body: CALL,
        server: shared,
        bare,
      },
      { name: "`tools/list`", headers: MCP_HEADERS, body: LIST, server, bare },
    ];
    const load = await measureLoad(scenarios, { tool, connections, seconds, rounds });
    const peakMebibytes = Math.max(await server.peakMebibytes(), await shared.peakMebibytes());
    const report = benchReport({
      load,
      start: await measureStart(url, START_ROUNDS),
      idleMebibytes,
      peakMebibytes,
      method: `${tool.name}, ${connections} connections, medians of ${rounds} interleaved rounds of ` +
        `${seconds} s after one of warm-up; the load shares the machine.`,
      date,
    });
    await print(report);
    return 0;
  } finally {
    for (const server of running.reverse()) await server.stop();
  }
}

async function print(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(text));
}

if (import.meta.main) await runTask(USAGE, bench);
