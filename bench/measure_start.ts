import { childCommand } from "../harness/child_command.ts";
import { type FormFigures, measureForms } from "./measure_forms.ts";
import { serverForms } from "./server_forms.ts";

/** How long starts take. */
export interface StartFigures {
  /** `deno run` of an empty file, until it has ended; the least, in milliseconds. */
  readonly emptyMs: number;
  /** The server in each of its forms, next to others. */
  readonly forms: readonly FormFigures[];
  /** Forms that cannot be had here, a line each. */
  readonly skipped: readonly string[];
}

/** Makes every form of the server, and starts each `rounds` times in turns on the sandbox. */
export async function measureStart(sandboxUrl: string, rounds: number): Promise<StartFigures> {
  const folder = await Deno.makeTempDir({ prefix: "feishu-token-bench-" });
  try {
    const { forms, skipped } = await serverForms(folder, sandboxUrl);
    const empty = `${folder}/empty.js`;
    await Deno.writeTextFile(empty, "");
    const emptyMs: number[] = [];
    // Before and after, so that a machine that gets busier in between shows.
    for (let round = 0; round < rounds; round++) emptyMs.push(await emptyRun(empty));
    const figures = await measureForms(forms, rounds);
    for (let round = 0; round < rounds; round++) emptyMs.push(await emptyRun(empty));
    return { emptyMs: Math.min(...emptyMs), forms: figures, skipped };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function emptyRun(file: string): Promise<number> {
  const startedMs = performance.now();
  await childCommand(Deno.execPath(), { args: ["run", "--no-config", file], stdin: "null" }).output();
  return performance.now() - startedMs;
}
