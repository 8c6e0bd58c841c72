import { runCommand } from "./run_command.ts";

/** Memory of a process in MiB: what it really holds now, or the most that it has held. */
export type MemoryFigure = "VmRSS" | "VmHWM";

/** Reads a figure of the process `pid`. Linux only, `NaN` elsewhere and once it has ended. */
export async function processMemory(pid: number, figure: MemoryFigure): Promise<number> {
  if (Deno.build.os !== "linux") return NaN;
  // Deno gives the files of other processes only to a program that may do everything.
  const { output } = await runCommand("cat", [`/proc/${pid}/status`]);
  return Number(new RegExp(`${figure}:\\s+(\\d+) kB`).exec(output)?.[1] ?? NaN) / 1024;
}
