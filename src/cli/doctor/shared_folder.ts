import type { Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";

const SYNCHRONIZED: Phrase = { en: "a synchronized folder", zh: "同步盘" };

/** Folders whose files programs copy to other machines while they are in use. */
const SYNCED: readonly (readonly [pattern: RegExp, name: Phrase])[] = [
  [/\/OneDrive( ?-[^/]*)?\//i, verbatim("OneDrive")],
  [/\/(Mobile Documents|iCloud ?Drive)\//i, verbatim("iCloud Drive")],
  [/\/Dropbox( ?\([^/]*\))?\//i, verbatim("Dropbox")],
  [/\/(Google ?Drive|My Drive)\//i, verbatim("Google Drive")],
  [/\/(Nutstore|坚果云|BaiduSyncdisk|百度网盘)\//i, SYNCHRONIZED],
  // Where macOS keeps the folders of other such programs.
  [/\/Library\/CloudStorage\//i, SYNCHRONIZED],
];

/** By the magic numbers of statfs(2) on Linux. */
const NETWORK_FILE_SYSTEMS: Readonly<Record<number, Phrase>> = {
  0x6969: verbatim("NFS"),
  0x517b: verbatim("SMB"),
  0xff534d42: verbatim("CIFS"),
  0xfe534d42: verbatim("SMB"),
  0x01021997: verbatim("9p"),
  0x5346414f: verbatim("AFS"),
  0x00c36400: verbatim("Ceph"),
  0x0bd00bd0: verbatim("Lustre"),
  0x47504653: verbatim("GPFS"),
  0x65735546: { en: "FUSE (sshfs and the like)", zh: "FUSE（sshfs 等）" },
};

/**
 * Names what shares `folder` with other machines, by its path and the magic number of its file system; `undefined`
 * where nothing is known to. Two machines that write one database damage it: neither sees the other's locks.
 */
export function sharedFolder(folder: string, fileSystemType: number | undefined): Phrase | undefined {
  if (/^(\\\\|\/\/)[^.?]/.test(folder)) return { en: "a network share", zh: "网络共享目录" };
  const path = `${folder.replaceAll("\\", "/")}/`;
  const synced = SYNCED.find(([pattern]) => pattern.test(path));
  if (synced !== undefined) return synced[1];
  return fileSystemType === undefined ? undefined : NETWORK_FILE_SYSTEMS[fileSystemType];
}
