/** Runs a program to its end. Its standard error is dropped. */
export async function runCommand(
  command: string,
  args: readonly string[],
): Promise<{ readonly output: string; readonly code: number }> {
  const { stdout, code } = await new Deno.Command(command, {
    args: [...args],
    stdin: "null",
    stderr: "null",
  }).output();
  return { output: new TextDecoder().decode(stdout), code };
}
