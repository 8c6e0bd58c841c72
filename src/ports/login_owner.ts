/**
 * Whose logins they are. A caller meets the logins of one owner only (promise 6).
 *
 * - `local`: of whoever uses this machine, over stdio, on the command line, or from this machine over HTTP.
 * - `session`: of everyone who brings the app's secret with the call, where the operator allows that.
 */
export type LoginOwner = "local" | "session";
