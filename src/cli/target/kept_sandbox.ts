import { Buffer } from "node:buffer";
import { dirname } from "node:path";
import * as z from "zod";
import { composeLog } from "../../compose.ts";
import type { Config } from "../../config.ts";
import { StartError } from "../../errors/start_error.ts";
import { Mask } from "../../log/mask.ts";
import type { Platform } from "../../platform.ts";
import { OffsetClock } from "../../sandbox/offset_clock.ts";
import { readSandboxDump, type SandboxDump } from "../../sandbox/sandbox_dump.ts";
import { SANDBOX_ID_PATH, serveSandbox } from "../../sandbox/serve_sandbox.ts";
import { isMissing } from "../../store/files/is_missing.ts";
import { sandboxCredentials } from "./sandbox_credentials.ts";
import { type SandboxTarget, startSandboxTarget } from "./sandbox_target.ts";

const stateSchema = z.object({ id: z.string(), port: z.number(), dump: z.unknown().optional() });

/** What the file holds. */
interface KeptState {
  readonly id: string;
  /** 0 until a process has run it. */
  readonly port: number;
  readonly dump?: SandboxDump;
}

/** A sandbox that outlives its process in a file. */
export interface KeptSandbox extends SandboxTarget {
  /** Names its records. */
  readonly id: string;
}

/** What {@linkcode startKeptSandbox} needs besides. */
export interface KeptSandboxOptions {
  /** Of the file. */
  readonly path: string;
  /** Ends the start. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Connects to the process that runs the sandbox of a file, or runs it: who has its port runs it. What a request changes is
 * in the file before the request is answered.
 *
 * @throws StartError for a file that cannot be read or written.
 */
export async function startKeptSandbox(
  platform: Platform,
  config: Config,
  { path, signal }: KeptSandboxOptions,
): Promise<KeptSandbox> {
  const state: KeptState = await readState(path) ??
    { id: Buffer.from(platform.random.bytes(8)).toString("hex"), port: 0 };
  const url = `http://127.0.0.1:${state.port}`;
  if (state.port !== 0 && await isRunAt(url, state.id, platform)) {
    const target = await startSandboxTarget(platform, config, { kind: "elsewhere", url, signal });
    return { ...target, id: state.id };
  }
  return await run(platform, config, path, state);
}

async function run(platform: Platform, config: Config, path: string, state: KeptState): Promise<KeptSandbox> {
  const clock = new OffsetClock(platform.clock);
  const log = composeLog(platform, config, new Mask());
  const { id } = state;
  let port = state.port;
  let written = "";
  let last: Promise<void> = Promise.resolve();
  // One write after the other: an older one must not replace a newer one.
  const keep = (dump: SandboxDump): Promise<void> => {
    const text = JSON.stringify({ id, port, dump });
    if (text === written) return last;
    written = text;
    last = last.catch(() => {}).then(() => writeState(path, text, platform));
    return last;
  };
  const options = { clock, random: platform.random, log, keep, id, ...(state.dump && { dump: state.dump }) };
  // Another program may have the port meanwhile.
  const served = await serveSandbox({ ...options, port }).catch(() => serveSandbox({ ...options, port: 0 }));
  port = served.port;
  await writeState(path, JSON.stringify({ ...state, port }), platform);
  return { id, baseUrl: served.url, credentials: sandboxCredentials(), clock, close: () => served.close() };
}

async function isRunAt(url: string, id: string, { fetch: send }: Platform): Promise<boolean> {
  try {
    const answer = await send(`${url}${SANDBOX_ID_PATH}`);
    const found = z.object({ id: z.string() }).safeParse(await answer.json());
    return found.success && found.data.id === id;
  } catch {
    return false;
  }
}

async function readState(path: string): Promise<KeptState | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw noState(path, error);
  }
  try {
    const { id, port, dump } = stateSchema.parse(JSON.parse(text));
    return { id, port, ...(dump === undefined ? {} : { dump: readSandboxDump(dump) }) };
  } catch (error) {
    throw noState(path, error);
  }
}

/** Whole or not at all, and for its owner alone: it has the tokens of the simulated people. */
async function writeState(path: string, text: string, { random }: Platform): Promise<void> {
  const draft = `${path}.${Buffer.from(random.bytes(6)).toString("hex")}`;
  try {
    await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(draft, text, { mode: 0o600, createNew: true });
    await Deno.rename(draft, path);
  } catch (error) {
    throw noState(path, error);
  }
}

function noState(path: string, cause: unknown): StartError {
  return new StartError({
    en: `The sandbox's state cannot be read or written: ${path}`,
    zh: `无法读写沙箱的状态文件：${path}`,
  }, {
    nextStep: {
      en: "name another file with --sandbox-state, or delete this one to start anew",
      zh: "请用 --sandbox-state 指定其他文件，或删除该文件以重新开始",
    },
    cause,
  });
}
