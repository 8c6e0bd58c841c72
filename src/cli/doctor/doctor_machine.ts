import { statfs } from "node:fs/promises";
import type { Platform } from "../../platform.ts";
import { TIME_IS_UP, within } from "../../concurrency/within.ts";

/** What only the checks need to know of the machine and of Deno. */
export interface DoctorMachine {
  /** For instance `2.9.6`. */
  readonly denoVersion: string;
  /** Whether Deno KV is switched on. */
  readonly hasKv: boolean;
  /** Whether this process has the permission. */
  isAllowed(permission: Deno.PermissionDescriptor): Promise<boolean>;
  /** Id of the user that the process runs as; `undefined` where it is not known. */
  userId(): Promise<number | undefined>;
  /** Whether a program listens on a TCP port; `unknown`: the name has no address; `silent`: no answer. */
  knock(hostname: string, port: number): Promise<"open" | "closed" | "unknown" | "silent">;
  /** Magic number of the file system at `path` on Linux; `undefined` where it is not known. */
  fileSystemType(path: string): Promise<number | undefined>;
}

const KNOCK_DEADLINE_MS = 5_000;

/** The machine this runs on. */
export function realMachine({ os, clock }: Pick<Platform, "os" | "clock">): DoctorMachine {
  return {
    denoVersion: Deno.version.deno,
    hasKv: "openKv" in Deno,
    async userId(): Promise<number | undefined> {
      try {
        // The owner of a new file: `Deno.uid()` needs a permission that no task and no binary grants.
        const path = await Deno.makeTempFile({ prefix: "feishu-token-mcp-" });
        const { uid } = await Deno.stat(path);
        await Deno.remove(path);
        return uid ?? undefined;
      } catch {
        return undefined;
      }
    },
    async isAllowed(permission): Promise<boolean> {
      return (await Deno.permissions.query(permission)).state === "granted";
    },
    async knock(hostname, port): ReturnType<DoctorMachine["knock"]> {
      const connecting = Deno.connect({ hostname, port });
      try {
        const connection = await within(clock, KNOCK_DEADLINE_MS, connecting);
        if (connection !== TIME_IS_UP) {
          connection.close();
          return "open";
        }
        connecting.then((late) => late.close()).catch(() => {});
        return "silent";
      } catch (error) {
        // Deno has no error class for a failed DNS lookup.
        return error instanceof Error && /failed to lookup|no such host/i.test(error.message)
          ? "unknown"
          : "closed";
      }
    },
    async fileSystemType(path): Promise<number | undefined> {
      if (os !== "linux") return undefined;
      try {
        // Not /proc/mounts, which Deno hands out only with all permissions.
        return (await statfs(path)).type >>> 0;
      } catch {
        return undefined;
      }
    },
  };
}
