/** Whether this program runs from its sources, and not from a bundle, a package or a binary, which are JavaScript. */
export function isFromSources(): boolean {
  return import.meta.url.endsWith(".ts");
}
