import { resolve } from "node:path";
import { parentFolder } from "../../store/files/store_place.ts";
import { type Check, ok, warn } from "./check.ts";
import type { DoctorMachine } from "./doctor_machine.ts";
import { sharedFolder } from "./shared_folder.ts";

/**
 * Whether other machines, too, write to the folder of the store at `path`.
 *
 * @param nearest existing folder above it, where it does not exist itself.
 */
export async function checkSharing(
  path: string,
  os: typeof Deno.build.os,
  machine: DoctorMachine,
  nearest?: string,
): Promise<Check[]> {
  const folder = os === Deno.build.os ? resolve(parentFolder(path, os)) : parentFolder(path, os);
  const shared = sharedFolder(folder, await machine.fileSystemType(nearest ?? folder));
  if (shared === undefined) {
    return [ok("store folder", {
      en: "on a disk of this machine, as far as can be told",
      zh: "在本机磁盘上（就目前所能判断）",
    })];
  }
  return [warn("store folder", {
    en:
      `${folder} is on ${shared.en}: a database there can be damaged, and its copies spend the same refresh tokens`,
    zh: `${folder} 位于 ${shared.zh}：数据库在那里可能损坏，其副本还会用掉同样的 refresh_token`,
  }, {
    en: "Name a folder that only this machine has with --kv PATH or FEISHU_TOKEN_KV.",
    zh: "请用 --kv PATH 或 FEISHU_TOKEN_KV 指定只属于本机的文件夹。",
  })];
}
