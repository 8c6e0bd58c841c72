/**
 * Calls `handler` at each SIGINT and SIGTERM, and at SIGHUP, which closing a terminal or an SSH session sends. Returns what
 * ends that.
 */
export function onSystemSignal(handler: () => void): () => void {
  // Windows knows no other.
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) Deno.addSignalListener(signal, handler);
  return () => {
    for (const signal of signals) Deno.removeSignalListener(signal, handler);
  };
}
