import { askRefresh } from "../ask_tool.ts";
import { environmentOf } from "../../harness/children.ts";
import type { Findings } from "../findings.ts";
import { processMemory } from "../../harness/process_memory.ts";
import { Program } from "../program.ts";
import { wordOf } from "../tool_reply.ts";
import type { PreparedStore } from "./prepared_store.ts";
import { refusalFault } from "./refusal_fault.ts";

/** A start takes about a second; what is read at it is small. */
const START_WITHIN_MS = 25_000;
/** A start takes a tenth of it. */
const MOST_MIB = 600;
const END_WITHIN_MS = 20_000;
const ENDS_WITHIN_MS = 1_000;
const WARNING = /"level":"(?:warn|error)"/;
/** Log events of a server that finds its store damaged after the start. */
const STORE_WARNING =
  /"level":"(?:warn|error)","event":"[^"]*(?:store|database|journal|damaged|does not open)/;

/** The outcome of a start on a damaged store. */
export type StartOutcome = "served" | "refused" | "Deno panicked" | "wrong";

/** What is to be started, and where. */
export interface StartToJudge {
  /** Names the damage. */
  readonly name: string;
  /** The store. */
  readonly path: string;
  /** What it is a copy of. */
  readonly store: PreparedStore;
  /** Whether the start must be refused. */
  readonly mustRefuse: boolean;
  /** What the line of a refusal, or a line of the log, must name. */
  readonly culprit?: string | undefined;
  readonly findings: Findings;
}

/** Starts a server on a store, asks for every login, and stops it. */
export async function judgeStart(start: StartToJudge): Promise<StartOutcome> {
  const { name, path, store, mustRefuse, culprit, findings } = start;
  await using program = new Program({
    args: ["--port", "0", "--log-format", "json", "--sandbox-url", store.sandboxUrl, "--kv", path],
    env: await environmentOf(`${path}.home`, store.denoDir),
  });
  const listening = await program.says(/"event":"listening","url":"([^"]+)\/mcp"/, START_WITHIN_MS);
  const origin = listening?.[1];
  if (origin === undefined && program.isAlive) {
    findings.add("hang", name, `the start does not come to an end; so far: ${tail(program.stderr)}`);
    return "wrong";
  }
  if (origin === undefined) return judgeRefusal(start, program);
  if (mustRefuse) findings.add("other", name, "the start was not refused");
  const startLog = program.stderr;
  const words = await askForEach(start, program, origin);
  if (!program.isAlive) return endedEarly(name, program, findings);
  const peakMib = await processMemory(program.pid, "VmHWM");
  findings.expect(!(peakMib > MOST_MIB), "other", name, `the start took ${peakMib.toFixed(0)} MiB`);
  if (culprit !== undefined && !mustRefuse) {
    findings.expect(program.stderr.includes(culprit), "other", name, `no line names ${culprit}`);
  }
  const isSilent = !WARNING.test(startLog) && !STORE_WARNING.test(program.stderr);
  if (isSilent && words.every((word) => word !== "pair" && !word.startsWith("store_"))) {
    findings.add("lost", name, `an empty store, and nothing says so: ${[...new Set(words)].join(", ")}`);
  }
  program.signal("SIGTERM");
  const end = await program.ended(END_WITHIN_MS);
  if (end === null) findings.add("hang", name, "SIGTERM does not end it");
  else if (end.code !== 0) return endedEarly(name, program, findings);
  return "served";
}

/** Presents the refresh token of every login; the answers in a word each. */
async function askForEach(
  { name, store, findings }: StartToJudge,
  program: Program,
  origin: string,
): Promise<string[]> {
  const words: string[] = [];
  for (const [index, { first }] of store.chains.entries()) {
    const reply = await askRefresh(origin, first);
    words.push(wordOf(reply));
    // A connection breaks a moment before its process is seen to have ended.
    const isHang = reply.kind === "none" && await program.ended(ENDS_WITHIN_MS) === null;
    if (isHang) findings.add("hang", name, `login ${index}: ${reply.text}`);
    if (reply.kind !== "given") continue;
    const owner = store.chains.findIndex((chain) => chain.accessToken === reply.content.access_token);
    const isForeign = owner >= 0 && owner !== index;
    if (isForeign) findings.add("other", name, `login ${index} got the pair of login ${owner}`);
  }
  return words;
}

function judgeRefusal({ name, culprit, findings }: StartToJudge, { stderr }: Program): StartOutcome {
  if (stderr.includes("panicked at")) return "Deno panicked";
  const fault = refusalFault(stderr, culprit);
  if (fault === null) return "refused";
  findings.add(/Uncaught|\n\s+at /.test(stderr) ? "crash" : "other", name, fault);
  return "wrong";
}

function endedEarly(name: string, program: Program, findings: Findings): StartOutcome {
  if (program.stderr.includes("panicked at")) return "Deno panicked";
  findings.add("crash", name, `it ended while it served: ${tail(program.stderr)}`);
  return "wrong";
}

function tail(text: string): string {
  return text.slice(-300).replaceAll("\n", " ¶ ");
}
