/**
 * Whose logins they are. A caller meets the logins of one owner only (promise 6).
 *
 * - `local`: of the person who uses this machine, over stdio, on the command line, or from this machine over HTTP.
 * - `session`: of everyone who brings the app's secret with the call, where the operator allows that.
 * - `key:NAME`: of the caller that has a key of that name.
 */
export type LoginOwner = "local" | "session" | KeyOwner;

/** The caller that has a key. */
export type KeyOwner = `key:${string}`;

/** The owner that the holder of a key is, by the name of the key. */
export function keyOwner(name: string): KeyOwner {
  return `key:${name}`;
}
