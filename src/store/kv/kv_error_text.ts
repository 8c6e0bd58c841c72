/**
 * An error of Deno KV as text for the log. Of a database on the network it is the status alone: Deno's own text
 * repeats the address, which may hold a password, and the body that the other side answered (promise 7).
 */
export function kvErrorText(error: unknown): string {
  const [line = ""] = String(error).split("\n", 1);
  if (!/KV Connect|https?:\/\//.test(line)) return line;
  const [, status] = /\(status=(\d{3}[^):]*)\)/.exec(line) ?? /\bstatus (\d{3})\b/.exec(line) ?? [];
  return status === undefined ? "KV Connect failed" : `KV Connect: status ${status}`;
}
