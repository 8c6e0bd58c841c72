import { TIME_IS_UP, within } from "../../concurrency/within.ts";
import type { Phrase } from "../../errors/language.ts";
import type { Platform } from "../../platform.ts";
import type { EntryCommand } from "../client_files/entry_format.ts";
import { clientEnvironment } from "../launch/client_environment.ts";
import { EntryProcess } from "./entry_process.ts";

/** A first start downloads packages; clients give up sooner, and find them in place then. */
const ANSWER_MS = 60_000;

/** What an entry came to. */
export type EntryTrial =
  | { readonly ok: true; readonly tools: readonly string[] }
  /** `said` is the end of what the server wrote to standard error; it may be empty. */
  | { readonly ok: false; readonly reason: Phrase; readonly said: string };

const NO_PROGRAM: Phrase = { en: "there is no such program", zh: "找不到该程序" };
const NOT_STARTED: Phrase = { en: "the program cannot be run", zh: "无法运行该程序" };
const ENDED: Phrase = { en: "it ended without an answer", zh: "它没有作出响应就结束了" };
const SILENT: Phrase = { en: "it did not answer within a minute", zh: "它在一分钟内没有响应" };
const NO_TOOLS: Phrase = { en: "it has no tools", zh: "它没有提供任何工具" };

/**
 * Starts an entry as an MCP client does, with exactly the environment that the MCP SDK passes on, and asks for its tools.
 */
export async function tryEntry(entry: EntryCommand, platform: Platform): Promise<EntryTrial> {
  const env = { ...clientEnvironment(platform), ...entry.env };
  let server: EntryProcess;
  try {
    server = new EntryProcess(entry, env);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const reason = error instanceof Deno.errors.NotFound ? NO_PROGRAM : NOT_STARTED;
    return { ok: false, reason, said: "" };
  }
  const tools = await within(platform.clock, ANSWER_MS, server.toolNames());
  await server.end(platform.clock);
  const said = server.said();
  if (tools === TIME_IS_UP) return { ok: false, reason: SILENT, said };
  if (tools === undefined) return { ok: false, reason: ENDED, said };
  return tools.length > 0 ? { ok: true, tools } : { ok: false, reason: NO_TOOLS, said };
}
