import { statfs } from "node:fs/promises";

/** What only the checks want to know of the machine and of Deno. */
export interface DoctorMachine {
  /** For instance `2.9.6`. */
  readonly denoVersion: string;
  /** Whether this Deno has its database switched on. */
  readonly hasKv: boolean;
  /** Whether this process has the permission. */
  isAllowed(permission: Deno.PermissionDescriptor): Promise<boolean>;
  /** The file system's magic number at `path` on Linux; `undefined` where that cannot be told. */
  fileSystemType(path: string): Promise<number | undefined>;
}

/** The machine this runs on. */
export function realMachine(os: typeof Deno.build.os): DoctorMachine {
  return {
    denoVersion: Deno.version.deno,
    hasKv: "openKv" in Deno,
    async isAllowed(permission): Promise<boolean> {
      return (await Deno.permissions.query(permission)).state === "granted";
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
