/**
 * What Deno's database threw, for a line of the log. Of a database on the network it names the status alone: Deno's own
 * text repeats the address, which may hold a password, and whatever the other side answered.
 */
export function kvErrorText(error: unknown): string {
  const [line = ""] = String(error).split("\n", 1);
  if (!/KV Connect|https?:\/\//.test(line)) return line;
  const [, status] = /\(status=(\d{3}[^):]*)\)/.exec(line) ?? /\bstatus (\d{3})\b/.exec(line) ?? [];
  return status === undefined ? "KV Connect failed" : `KV Connect: status ${status}`;
}
