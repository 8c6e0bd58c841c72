/** Whether the operating system says that there is no such file: neither it nor, maybe, the folder that it would stand in. */
export function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
