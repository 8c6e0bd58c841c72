import { runCommand } from "../../harness/run_command.ts";
import { RunError } from "../../harness/run_error.ts";

const BLOCK = new Uint8Array(4_096);

/** A file system of a few MiB, in memory, that can be filled. */
export class SmallDisk implements AsyncDisposable {
  /** Where it is mounted. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Mounts one at `path`, which is made. @throws RunError where this may not be done. */
  static async mount(path: string, mebibytes: number): Promise<SmallDisk> {
    await Deno.mkdir(path);
    const options = `size=${mebibytes}m,mode=0700`;
    const { code } = await runCommand("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]);
    if (code !== 0) throw new RunError("Nothing can be mounted here");
    return new SmallDisk(path);
  }

  /** Writes until nothing more goes onto it. */
  async fill(): Promise<void> {
    using file = await Deno.open(`${this.path}/filler`, { create: true, append: true });
    for (const block of [BLOCK, BLOCK.subarray(0, 1)]) {
      try {
        for (;;) await file.write(block);
      } catch {
        // It is full.
      }
    }
  }

  /** Makes room again. */
  async free(): Promise<void> {
    await Deno.remove(`${this.path}/filler`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Also where a process that is just ending still has a file open on it.
    await runCommand("umount", ["-l", this.path]);
  }
}
