/**
 * Calls `handler` at each SIGINT, SIGTERM and SIGHUP, which is sent when a terminal or an SSH session closes.
 *
 * @returns a function that stops that.
 */
export function onSystemSignal(handler: (signal: Deno.Signal) => void): () => void {
  // Windows has no other.
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];
  const listeners = signals.map((signal) => [signal, (): void => handler(signal)] as const);
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
  };
}
