import assert from "node:assert/strict";
import type { PlaceOptions } from "../../../src/store/files/place_options.ts";
import {
  parentFolder,
  resolvePlace,
  type StorePlace,
  userDataDirectory,
} from "../../../src/store/files/store_place.ts";

type Os = PlaceOptions["os"];
type Env = Readonly<Record<string, string>>;

function optionsOf(os: Os, env: Env, kv?: string): PlaceOptions {
  return { os, env: (name) => env[name], fileName: "tokens.kv", kv };
}

Deno.test.each<[Os, Env, string]>([
  ["linux", { HOME: "/home/u" }, "/home/u/.local/share/feishu-token-mcp"],
  ["linux", { HOME: "/home/u", XDG_DATA_HOME: "/data" }, "/data/feishu-token-mcp"],
  ["linux", { HOME: "/home/u", XDG_DATA_HOME: "relative" }, "/home/u/.local/share/feishu-token-mcp"],
  ["linux", { HOME: "/home/u", XDG_DATA_HOME: "" }, "/home/u/.local/share/feishu-token-mcp"],
  ["linux", { XDG_DATA_HOME: "/data" }, "/data/feishu-token-mcp"],
  ["freebsd", { HOME: "/home/u" }, "/home/u/.local/share/feishu-token-mcp"],
  ["darwin", { HOME: "/Users/u" }, "/Users/u/Library/Application Support/feishu-token-mcp"],
  [
    "darwin",
    { HOME: "/Users/u", XDG_DATA_HOME: "/data" },
    "/Users/u/Library/Application Support/feishu-token-mcp",
  ],
  [
    "windows",
    { LOCALAPPDATA: "C:\\Users\\u\\AppData\\Local" },
    "C:\\Users\\u\\AppData\\Local\\feishu-token-mcp",
  ],
  [
    "windows",
    { APPDATA: "C:\\Users\\u\\AppData\\Roaming" },
    "C:\\Users\\u\\AppData\\Roaming\\feishu-token-mcp",
  ],
  ["windows", { LOCALAPPDATA: "", APPDATA: "D:\\Roaming" }, "D:\\Roaming\\feishu-token-mcp"],
])("userDataDirectory() on %s with %j is %s", (os, env, path) => {
  assert.equal(userDataDirectory(optionsOf(os, env)), path);
});

Deno.test.each<[Os, Env, RegExp]>([
  ["linux", {}, /^HOME is not set: name a place for the token store with --kv PATH$/],
  ["linux", { HOME: "" }, /^HOME is not set/],
  ["darwin", { XDG_DATA_HOME: "/data" }, /^HOME is not set/],
  ["windows", { HOME: "C:\\Users\\u" }, /^LOCALAPPDATA is not set: name a place/],
])("userDataDirectory() on %s with %j throws one line", (os, env, message) => {
  assert.throws(() => userDataDirectory(optionsOf(os, env)), { name: "StartError", message });
});

Deno.test.each<[string, StorePlace]>([
  [":memory:", { kind: "memory" }],
  ["https://kv.example/db", { kind: "remote", url: "https://kv.example/db" }],
  ["HTTP://127.0.0.1:4512", { kind: "remote", url: "HTTP://127.0.0.1:4512" }],
  ["/srv/tokens.kv", { kind: "file", path: "/srv/tokens.kv" }],
  ["tokens.kv", { kind: "file", path: "tokens.kv" }],
  ["C:\\data\\tokens.kv", { kind: "file", path: "C:\\data\\tokens.kv" }],
])("resolvePlace() takes --kv %s as what it says, whatever the environment", (kv, place) => {
  assert.deepEqual(resolvePlace(optionsOf("linux", { DENO_DEPLOY: "true" }, kv)), place);
});

Deno.test("resolvePlace() throws when a URL is none", () => {
  assert.throws(() => resolvePlace(optionsOf("linux", {}, "https://")), {
    name: "StartError",
    message: /^The place of the token store is not a valid URL: correct --kv or FEISHU_TOKEN_KV/,
  });
});

Deno.test.each(["htps://kv.example", "ws://kv.example/db", "kv.example:4512", "127.0.0.1:4512/db"])(
  "resolvePlace() makes no file of %s",
  (kv) => {
    assert.throws(() => resolvePlace(optionsOf("linux", {}, kv)), {
      name: "StartError",
      message: /^The place of the token store looks like an address .*: correct --kv or FEISHU_TOKEN_KV/,
    });
  },
);

Deno.test.each(["DENO_DEPLOY", "DENO_DEPLOYMENT_ID"])(
  "resolvePlace() is the platform's own database when %s is set, without any home",
  (name) => {
    assert.deepEqual(resolvePlace(optionsOf("linux", { [name]: "1" })), { kind: "platform" });
  },
);

Deno.test("resolvePlace() is a file in a folder of our own when nothing is said", () => {
  assert.deepEqual(resolvePlace(optionsOf("windows", { LOCALAPPDATA: "C:\\Local" })), {
    kind: "file",
    path: "C:\\Local\\feishu-token-mcp\\tokens.kv",
    ownFolder: true,
  });
});

Deno.test.each<[string, Os, string]>([
  ["/srv/tokens.kv", "linux", "/srv"],
  ["/tokens.kv", "linux", "/"],
  ["tokens.kv", "linux", "."],
  ["/srv/a\\b.kv", "linux", "/srv"],
  ["C:\\data\\tokens.kv", "windows", "C:\\data"],
  ["C:\\tokens.kv", "windows", "C:\\"],
  ["C:/data/tokens.kv", "windows", "C:/data"],
  ["\\\\server\\share\\tokens.kv", "windows", "\\\\server\\share\\"],
])("parentFolder() of %s on %s is %s", (path, os, parent) => {
  assert.equal(parentFolder(path, os), parent);
});

Deno.test.each<[string, Os, Env, string]>([
  ["~/x.kv", "linux", { HOME: "/home/u" }, "/home/u/x.kv"],
  ["~/data/../x.kv", "linux", { HOME: "/home/u/" }, "/home/u/x.kv"],
  ["$HOME/x.kv", "linux", { HOME: "/home/u" }, "/home/u/x.kv"],
  ["${HOME}/x.kv", "darwin", { HOME: "/Users/u" }, "/Users/u/x.kv"],
  ["${env:HOME}/x.kv", "linux", { HOME: "/home/u" }, "/home/u/x.kv"],
  ["${userHome}/x.kv", "linux", { HOME: "/home/u" }, "/home/u/x.kv"],
  ["%USERPROFILE%\\data\\x.kv", "windows", { USERPROFILE: "C:\\Users\\u" }, "C:\\Users\\u\\data\\x.kv"],
  ["%USERPROFILE%\\data\\x.kv", "linux", { HOME: "/home/u" }, "/home/u/data/x.kv"],
  ["~\\x.kv", "windows", { USERPROFILE: "C:\\Users\\u" }, "C:\\Users\\u\\x.kv"],
  ["${env:USERPROFILE}/x.kv", "windows", { USERPROFILE: "C:\\Users\\u" }, "C:\\Users\\u\\x.kv"],
  ["$env:USERPROFILE\\x.kv", "windows", { USERPROFILE: "C:\\Users\\u" }, "C:\\Users\\u\\x.kv"],
])("resolvePlace() expands the home directory in %j on %s with %j", (kv, os, env, path) => {
  assert.deepEqual(resolvePlace(optionsOf(os, env, kv)), { kind: "file", path, literalPath: kv });
});

Deno.test.each([
  ["${workspaceFolder}/x.kv", "${workspaceFolder}"],
  ["${workspaceFolder:repo}/x.kv", "${workspaceFolder:repo}"],
  ["~/${env:NAME}/x.kv", "${env:NAME}"],
  ["/data/${HOME}/x.kv", "${HOME}"],
  ["${HOME/x.kv", "${HOME/x.kv"],
  ["$DATA/x.kv", "$DATA"],
  ["$HOMEDIR/x.kv", "$HOMEDIR"],
  ["%APPDATA%\\x.kv", "%APPDATA%"],
  ["C:\\%USERNAME%\\x.kv", "%USERNAME%"],
  ["~other/x.kv", "~other"],
  ["{{data}}/x.kv", "{{data}}"],
  ["<data folder>/x.kv", "<data folder>"],
  ["$(pwd)/x.kv", "$(pwd)"],
  ["https://${KV_HOST}/x", "${KV_HOST}"],
])("resolvePlace() refuses %j and names what nothing has replaced", (kv, placeholder) => {
  assert.throws(() => resolvePlace(optionsOf("linux", { HOME: "/home/u" }, kv)), (error: Error) => {
    assert.equal(error.name, "StartError");
    assert.ok(
      error.message.startsWith(`The place of the token store has ${placeholder} in it`),
      error.message,
    );
    return true;
  });
});

Deno.test.each([
  "/data/~/x.kv",
  "~x.kv",
  "/data/a~1/x.kv",
  "/cash$/x.kv",
  "100%/x.kv",
  "./x.kv",
  "/a b/x.kv",
])(
  "resolvePlace() takes %j as it is",
  (kv) => {
    assert.deepEqual(resolvePlace(optionsOf("linux", {}, kv)), { kind: "file", path: kv });
  },
);

Deno.test.each<[string, Os, Env, string]>([
  ["~/x.kv", "linux", {}, "HOME"],
  ["~/x.kv", "linux", { HOME: "relative" }, "HOME"],
  ["%USERPROFILE%\\x.kv", "windows", {}, "USERPROFILE"],
])("resolvePlace() makes nothing of %j on %s with %j", (kv, os, env, variable) => {
  assert.throws(() => resolvePlace(optionsOf(os, env, kv)), new RegExp(`${variable} is not set`));
});
