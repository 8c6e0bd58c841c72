import { childCommand } from "../harness/child_command.ts";
import { processMemory } from "../harness/process_memory.ts";
import { median } from "./median.ts";

/** A way to start a server on its standard streams. */
export interface ServerForm {
  /** Its row of the table. */
  readonly name: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** In addition to this program's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A server that gives no token is asked for its tools instead. */
  readonly hasNoToken?: true;
  /** Version 0.1.0 and others know no `server/discover`. */
  readonly hasNoDiscovery?: true;
}

/** What was measured of a {@linkcode ServerForm}; medians. */
export interface FormFigures {
  readonly name: string;
  /** From the start of the process to the answer to `initialize`, in milliseconds. */
  readonly initializeMs: number;
  /** To the answer to `server/discover` in place of it; `NaN` where there is none. */
  readonly discoverMs: number;
  /** From the start of the process, whose first request is `initialize`, to the first token (or list of tools). */
  readonly firstTokenMs: number;
  /** The least of these: what the start takes where nothing else runs. Other programs on the machine only add. */
  readonly leastMs: number;
  /** Memory that process and children hold then, in MiB. Linux only, `NaN` elsewhere. */
  readonly residentMebibytes: number;
  /** Whether the first answer was no token but the list of tools. */
  readonly isList: boolean;
}

const INITIALIZE = {
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "0" } },
};
const DISCOVER = {
  id: 1,
  method: "server/discover",
  params: {
    _meta: {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
    },
  },
};
const INITIALIZED = { method: "notifications/initialized" };
const CALL = { id: 2, method: "tools/call", params: { name: "get_feishu_app_token", arguments: {} } };
const LIST = { id: 2, method: "tools/list", params: {} };

/** Starts every form in turns, `rounds` times, after one start each that fills the caches. */
export async function measureForms(
  forms: readonly ServerForm[],
  rounds: number,
): Promise<readonly FormFigures[]> {
  const samples = forms.map(() => ({ initialize: [], discover: [], token: [], memory: [] } as Samples));
  for (let round = 0; round <= rounds; round++) {
    for (const [index, form] of forms.entries()) {
      const run = await start(form, [INITIALIZE, INITIALIZED, form.hasNoToken ? LIST : CALL]);
      const discovered = form.hasNoDiscovery ? undefined : await start(form, [DISCOVER]);
      const sample = samples[index];
      if (round === 0 || sample === undefined) continue;
      sample.initialize.push(run.answersMs[0] ?? NaN);
      sample.token.push(run.answersMs[1] ?? NaN);
      sample.memory.push(run.residentMebibytes);
      sample.discover.push(discovered?.answersMs[0] ?? NaN);
    }
  }
  return forms.map(({ name, hasNoToken = false }, index) => {
    const { initialize, discover, token, memory } = samples[index] ?? EMPTY;
    return {
      name,
      initializeMs: median(initialize),
      discoverMs: median(discover),
      firstTokenMs: median(token),
      leastMs: Math.min(...token),
      residentMebibytes: median(memory),
      isList: hasNoToken,
    };
  });
}

interface Samples {
  readonly initialize: number[];
  readonly discover: number[];
  readonly token: number[];
  readonly memory: number[];
}

const EMPTY: Samples = { initialize: [], discover: [], token: [], memory: [] };

/** Starts a server, sends `messages`, and takes the time of the answer to each that has an id. */
async function start(
  { name, command: [program = "", ...args], cwd, env = {} }: ServerForm,
  messages: readonly object[],
): Promise<{ readonly answersMs: readonly number[]; readonly residentMebibytes: number }> {
  const expected = messages.filter((message) => "id" in message).length;
  const startedMs = performance.now();
  const child = childCommand(program, {
    args,
    cwd,
    env: { ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const input = child.stdin.getWriter();
  const lines = messages.map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  await input.write(new TextEncoder().encode(lines.join("")));
  const answersMs: number[] = [];
  let residentMebibytes = NaN;
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const answers = text.split("\n").slice(0, -1).filter((line) => /"id":\s*\d/.test(line));
    while (answersMs.length < answers.length) answersMs.push(performance.now() - startedMs);
    if (answersMs.length < expected || !Number.isNaN(residentMebibytes)) continue;
    const failed = answers.find((line) => /"(?:error|isError)":\s*(?:\{|true)/.test(line));
    if (failed !== undefined) throw new Error(`${name} answered with an error: ${failed}`);
    residentMebibytes = await memoryOf(child.pid);
    await input.close();
    // A server that does not end by the end of its input is not waited for.
    try {
      child.kill("SIGTERM");
    } catch {
      // It has ended.
    }
  }
  await child.status;
  if (answersMs.length < expected) throw new Error(`${name} ended before it had answered`);
  return { answersMs, residentMebibytes };
}

/** Of a process and those that it has started: the npm command is two. */
async function memoryOf(pid: number): Promise<number> {
  if (Deno.build.os !== "linux") return NaN;
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "pid=", "--ppid", String(pid)] }).output();
  const children = new TextDecoder().decode(stdout).trim().split(/\s+/).filter((each) => each !== "").map(
    Number,
  );
  const all = await Promise.all([pid, ...children].map((each) => processMemory(each, "VmRSS")));
  return all.reduce((sum, each) => sum + each, 0);
}
