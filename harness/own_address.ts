/**
 * Loaded before `main.ts` in each server: its requests to the simulated Feishu go to its own address there, which tells
 * whose they are and gives it a clock of its own. The server itself knows only the common address, as records are named
 * after it. The query of this module's URL has both origins, `common` and `own`.
 *
 * @module
 */

const { searchParams } = new URL(import.meta.url);
const common = searchParams.get("common") ?? "";
const own = searchParams.get("own") ?? "";
const send = globalThis.fetch;

/** As `fetch`, but for the origin. */
globalThis.fetch = (input, init): Promise<Response> => {
  const isOther = input instanceof Request || !String(input).startsWith(`${common}/`);
  return send(isOther ? input : own + String(input).slice(common.length), init);
};
