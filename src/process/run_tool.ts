import { TIME_IS_UP, within } from "../concurrency/within.ts";
import type { Clock } from "../ports/clock.ts";
import { TextReading } from "./text_reading.ts";

/** How long output is waited for once a program has ended: one that it has left behind may hold the pipes open. */
const PIPES_MS = 1_000;

/** A program of the machine to run. */
export interface ToolCall {
  /** Absolute path. */
  readonly file: string;
  /** Arguments. No shell reads them. */
  readonly args: readonly string[];
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** After so many milliseconds it is killed. */
  readonly deadlineMs: number;
}

/** How it ended. */
export interface ToolEnd {
  /** Its exit code; after a signal 128 and its number. */
  readonly code: number;
  /** What it wrote to standard output. */
  readonly stdout: string;
  /** What it wrote to standard error. */
  readonly stderr: string;
}

/** Runs a program to its end. Rejects where it cannot be started. */
export type RunTool = (call: ToolCall) => Promise<ToolEnd>;

/** Makes what runs programs of this machine, without input. */
export function createRunTool(clock: Clock): RunTool {
  return async ({ file, args, env, deadlineMs }) => {
    const child = new Deno.Command(file, {
      args: [...args],
      env: { ...env },
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const [stdout, stderr] = [new TextReading(child.stdout), new TextReading(child.stderr)];
    if (await within(clock, deadlineMs, child.status) === TIME_IS_UP) child.kill("SIGKILL");
    const { code } = await child.status;
    await within(clock, PIPES_MS, Promise.all([stdout.ended, stderr.ended]));
    await Promise.all([stdout.cancel(), stderr.cancel()]);
    return { code, stdout: stdout.text, stderr: stderr.text };
  };
}
