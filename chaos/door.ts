/** A way to ask one process. */
export interface Door {
  /** Sends a JSON-RPC message with this id; its answer. Rejects when the process goes away or `signal` is aborted. */
  ask(message: Readonly<Record<string, unknown>>, id: number, signal: AbortSignal): Promise<unknown>;
}
