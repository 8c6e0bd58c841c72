/**
 * A stand-in for the server, which counts the signals that reach it. Says `ready`, then after the first signal `NAME
 * times N`, and ends as its argument says: with an exit code, or by a signal that it does not handle.
 *
 * @module
 */

/** Signals of one key press come within it. */
const SAME_PRESS_MS = 700;
const SIGNALS: Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

const [ending = "0"] = Deno.args;
const say = (line: string): number => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
let count = 0;
for (const signal of SIGNALS) {
  Deno.addSignalListener(signal, () => {
    if (++count > 1) return;
    setTimeout(() => {
      say(`${signal} times ${count}`);
      end();
    }, SAME_PRESS_MS);
  });
}
say(`ready ${Deno.pid}`);
for await (const _ of Deno.stdin.readable) {
  // Until it ends.
}
say("end of input");
end();

function end(): void {
  if (/^\d+$/.test(ending)) Deno.exit(Number(ending));
  Deno.kill(Deno.pid, ending as Deno.Signal);
}
