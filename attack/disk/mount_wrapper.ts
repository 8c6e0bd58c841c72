import { runCommand } from "../../harness/run_command.ts";
import { SmallDisk } from "./small_disk.ts";

/**
 * What a program must be started with so that it may mount a file system: nothing, or a command that gives it a namespace of
 * its own; `null` where neither helps.
 */
export async function mountWrapper(): Promise<readonly string[] | null> {
  if (await canMount()) return [];
  const namespace = ["unshare", "--map-root-user", "--mount"];
  return await succeeds("unshare", [...namespace.slice(1), "mount", "-t", "tmpfs", "tmpfs", "/mnt"])
    ? namespace
    : null;
}

/** Whether this program may mount a file system. */
export async function canMount(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  const folder = await Deno.makeTempDir({ prefix: "feishu-token-attack-" });
  try {
    await using _disk = await SmallDisk.mount(`${folder}/disk`, 1);
    return true;
  } catch {
    return false;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  try {
    return (await runCommand(command, args)).code === 0;
  } catch {
    return false;
  }
}
