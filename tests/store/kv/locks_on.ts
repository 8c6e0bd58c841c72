/** How many locks this machine's processes have on the file: Linux alone tells, and only other programs than Deno. */
export async function locksOn(path: string): Promise<number> {
  const { ino } = await Deno.stat(path);
  const { stdout } = await new Deno.Command("cat", { args: ["/proc/locks"] }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line.includes(`:${ino} `)).length;
}
