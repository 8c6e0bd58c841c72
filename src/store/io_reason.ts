/** Why the operating system refused, in a few words for the end of a one-line message. Names no path. */
export function ioReason(error: unknown): string {
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.NotCapable) {
    return "Deno was not given the permission (--allow-read, --allow-write)";
  }
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.NotADirectory) return "a part of the path is not a folder";
  if (error instanceof Deno.errors.AlreadyExists) return "a file of that name exists";
  if (error instanceof Error) return error.message.replace(/\s*\(os error \d+\).*$/s, "").toLowerCase();
  return "unknown cause";
}
