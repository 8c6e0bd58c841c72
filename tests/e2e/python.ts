let found: Promise<string | null> | undefined;

/** The path of a Python 3, which has pseudo-terminals and pipes that Deno has not; `null`, said in a line, where there is none. */
export function python(): Promise<string | null> {
  return found ??= findPython();
}

async function findPython(): Promise<string | null> {
  try {
    // By its own word: what is on PATH may be a script that needs the real home.
    const command = new Deno.Command("python3", { args: ["-c", "import pty, sys; print(sys.executable)"] });
    const { success, stdout } = await command.output();
    if (success) return new TextDecoder().decode(stdout).trim();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await Deno.stdout.write(new TextEncoder().encode("SKIPPED: no python3, for terminals and pipes\n"));
  return null;
}
