/**
 * `deno task dev`: serves, and starts the server anew at every change of a source file or of `.env`. Instead of
 * `deno run --watch`, which tears the program down half a second after a change whatever it has under way, so that a save
 * during a refresh can lose a login: here the server ends in order first, however long that takes.
 *
 * @module
 */

import { relative } from "node:path";
import { onStopSignal } from "../src/cli/ending/on_stop_signal.ts";
import { onSystemSignal } from "../src/process/on_system_signal.ts";
import { DevChild } from "./dev_child.ts";
import { PROJECT_FOLDER } from "./project_folder.ts";
import { SourceChanges } from "./source_changes.ts";

/** Serves until a signal. Returns the exit code of the last server. */
async function dev(args: readonly string[]): Promise<number> {
  const changes = new SourceChanges(PROJECT_FOLDER);
  const stopped = Promise.withResolvers<void>();
  let isStopped = false;
  let child: DevChild | undefined;
  const endSignals = onStopSignal({
    platform: { onSignal: onSystemSignal, clock: { monotonic: () => performance.now() } },
    onStop(): void {
      isStopped = true;
      stopped.resolve();
    },
    onEndAtOnce: () => child?.endAtOnce(),
  });
  try {
    for (;;) {
      changes.forget();
      child = new DevChild(args);
      const { ended } = child;
      const happened = await Promise.race([ended, stopped.promise, changes.changed]);
      if (typeof happened === "number") {
        say(`the server has ended with ${happened}: waiting for a change`);
        await Promise.race([stopped.promise, changes.changed]);
        if (isStopped) return happened;
        continue;
      }
      if (happened !== undefined) {
        say(`${relative(PROJECT_FOLDER, happened)} has changed: restarting when the server has ended`);
      }
      child.stop();
      const exitCode = await ended;
      if (isStopped) return exitCode;
    }
  } finally {
    endSignals();
    changes.close();
  }
}

/** Not waited for: a terminal that is stopped stops no restart. */
function say(text: string): void {
  Deno.stderr.write(new TextEncoder().encode(`dev: ${text}\n`)).catch(() => {});
}

if (import.meta.main) Deno.exit(await dev(Deno.args));
