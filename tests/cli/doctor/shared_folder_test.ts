import assert from "node:assert/strict";
import { sharedFolder } from "../../../src/cli/doctor/shared_folder.ts";

Deno.test.each([
  ["/Users/me/Library/Mobile Documents/com~apple~CloudDocs/app", "iCloud Drive"],
  ["/Users/me/Library/CloudStorage/OneDrive-Personal/app", "OneDrive"],
  ["/Users/me/Library/CloudStorage/Box-Box", "a synchronized folder"],
  ["/Users/me/Library/CloudStorage/GoogleDrive-me@example.com/My Drive", "Google Drive"],
  ["/home/me/Dropbox", "Dropbox"],
  ["/home/me/Dropbox (Company)/x", "Dropbox"],
  ["C:\\Users\\me\\OneDrive - Company\\app", "OneDrive"],
  ["C:\\Users\\me\\iCloudDrive\\app", "iCloud Drive"],
  ["D:\\Google Drive\\app", "Google Drive"],
  ["\\\\server\\share\\app", "a network share"],
  ["/home/me/坚果云/app", "a synchronized folder"],
])("sharedFolder() knows %j by its path", (path, name) => {
  assert.equal(sharedFolder(path, undefined)?.en, name);
});

Deno.test.each([
  [0x6969, "NFS"],
  [0xff534d42, "CIFS"],
  [0x65735546, "FUSE (sshfs and the like)"],
])("sharedFolder() knows the file system %i", (type, name) => {
  assert.equal(sharedFolder("/mnt/data", type)?.en, name);
});

Deno.test.each([
  ["/home/me/.local/share/feishu-token-mcp", 0xef53],
  ["/home/me/dropbox-clone", undefined],
  ["\\\\?\\C:\\Users\\me\\app", undefined],
  ["/srv/onedriver/app", 0x01021994],
])("sharedFolder() has nothing against %j", (path, type) => {
  assert.equal(sharedFolder(path, type), undefined);
});
