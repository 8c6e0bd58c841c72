/**
 * The server that `deno task dev` starts: `main.ts`, which also stops, in order, when its standard input ends. Its parent
 * holds that open, so that it does not outlive a parent that was killed.
 *
 * @module
 */

import { runCommand } from "../src/cli/run_command.ts";
import { type Platform, realPlatform } from "../src/compose.ts";

/** `platform`, on which the end of standard input counts as a signal. */
function endingWithParent(platform: Platform): Platform {
  const { stdin } = platform;
  const parentGone = new Promise<void>((resolve) => {
    for (const event of ["end", "close", "error"]) stdin.on(event, () => resolve());
  });
  stdin.resume();
  return {
    ...platform,
    onSignal(handler): () => void {
      let isOver = false;
      const end = platform.onSignal(handler);
      void parentGone.then(() => isOver || handler());
      return () => {
        isOver = true;
        end();
      };
    },
  };
}

if (import.meta.main) Deno.exit(await runCommand(Deno.args, endingWithParent(realPlatform())));
