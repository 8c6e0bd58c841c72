import type { Platform } from "../src/platform.ts";

/**
 * `platform`, on which the end of standard input counts as a signal, unless one has come: a parent that dies right after
 * the key press that it passed on is no second key press, which would end a refresh at once.
 */
export function endingWithParent(platform: Platform): Platform {
  const { stdin } = platform;
  const parentGone = new Promise<void>((resolve) => {
    for (const event of ["end", "close", "error"]) stdin.on(event, () => resolve());
  });
  stdin.resume();
  return {
    ...platform,
    onSignal(handler): () => void {
      let isTold = false;
      const end = platform.onSignal(() => {
        isTold = true;
        handler();
      });
      void parentGone.then(() => isTold || handler());
      return () => {
        isTold = true;
        end();
      };
    },
  };
}
