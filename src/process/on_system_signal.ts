/**
 * Calls `handler` at each SIGINT, SIGTERM and SIGHUP, which is sent when a terminal or an SSH session closes.
 *
 * @returns a function that stops that.
 */
export function onSystemSignal(handler: () => void): () => void {
  // Windows has no other.
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) Deno.addSignalListener(signal, handler);
  return () => {
    for (const signal of signals) Deno.removeSignalListener(signal, handler);
  };
}
