import { statfs } from "node:fs/promises";
import type { Platform } from "../../platform.ts";
import { TIME_IS_UP, within } from "../../concurrency/within.ts";

/** What only the checks want to know of the machine and of Deno. */
export interface DoctorMachine {
  /** For instance `2.9.6`. */
  readonly denoVersion: string;
  /** Whether this Deno has its database switched on. */
  readonly hasKv: boolean;
  /** Whether this process has the permission. */
  isAllowed(permission: Deno.PermissionDescriptor): Promise<boolean>;
  /** The id of the user that this runs as; `undefined` where that cannot be told. */
  userId(): Promise<number | undefined>;
  /** Whether anything listens at a TCP port: `unknown` where the name has no address, `silent` where nothing comes back. */
  knock(hostname: string, port: number): Promise<"open" | "closed" | "unknown" | "silent">;
  /** The file system's magic number at `path` on Linux; `undefined` where that cannot be told. */
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
        // By a file of our own: `Deno.uid()` needs a permission that no task and no binary gives.
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
        // A failed look-up has no class of its own.
        return error instanceof Error && /failed to lookup|no such host/i.test(error.message)
          ? "unknown"
          : "closed";
      }
    },
    async fileSystemType(path): Promise<number | undefined> {
      if (os !== "linux") return undefined;
      try {
        // Not /proc/mounts: Deno gives that to nobody who lacks a single permission.
        return (await statfs(path)).type >>> 0;
      } catch {
        return undefined;
      }
    },
  };
}
