/**
 * The module that Deno loads before a server, so that its requests to the simulated Feishu at `common` go to its own address
 * there, `own`.
 */
export function ownAddressModule(common: string, own: string): URL {
  return new URL(`own_address.ts?${new URLSearchParams({ common, own })}`, import.meta.url);
}
