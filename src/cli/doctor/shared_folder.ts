/** Folders that programs copy to other machines while their files are in use. */
const SYNCED: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\/OneDrive( ?-[^/]*)?\//i, "OneDrive"],
  [/\/(Mobile Documents|iCloud ?Drive)\//i, "iCloud Drive"],
  [/\/Dropbox( ?\([^/]*\))?\//i, "Dropbox"],
  [/\/(Google ?Drive|My Drive)\//i, "Google Drive"],
  [/\/(Nutstore|坚果云|BaiduSyncdisk|百度网盘)\//i, "a synchronized folder"],
  // What else macOS synchronizes for other programs.
  [/\/Library\/CloudStorage\//i, "a synchronized folder"],
];

/** Magic numbers of statfs(2), Linux. */
const NETWORK_FILE_SYSTEMS: Readonly<Record<number, string>> = {
  0x6969: "NFS",
  0x517b: "SMB",
  0xff534d42: "CIFS",
  0xfe534d42: "SMB",
  0x01021997: "9p",
  0x5346414f: "AFS",
  0x00c36400: "Ceph",
  0x0bd00bd0: "Lustre",
  0x47504653: "GPFS",
  0x65735546: "FUSE (sshfs and the like)",
};

/**
 * What shares `folder` with other machines, by its path and by its file system's magic number; `undefined` where nothing
 * is known to. A database that two machines write at once is damaged, and a lock held on one is not seen on the other.
 */
export function sharedFolder(folder: string, fileSystemType: number | undefined): string | undefined {
  if (/^(\\\\|\/\/)[^.?]/.test(folder)) return "a network share";
  const path = `${folder.replaceAll("\\", "/")}/`;
  const synced = SYNCED.find(([pattern]) => pattern.test(path));
  if (synced !== undefined) return synced[1];
  return fileSystemType === undefined ? undefined : NETWORK_FILE_SYSTEMS[fileSystemType];
}
