import assert from "node:assert/strict";
import { readOriginSetting } from "../../src/net/read_origin_setting.ts";

Deno.test.each([
  ["https://app.example.com", "https://app.example.com"],
  ["http://app.example.com:3000", "http://app.example.com:3000"],
  ["http://[2001:db8::1]:3000", "http://[2001:db8::1]:3000"],
  ["https://app.example.com:443", "https://app.example.com"],
  ["http://app.example.com:80", "http://app.example.com"],
  ["http://app.example.com:443", "http://app.example.com:443"],
  ["tauri://localhost", "tauri://localhost"],
  ["capacitor://localhost", "capacitor://localhost"],
  ["app://obsidian.md", "app://obsidian.md"],
  ["app://.", "app://."],
  ["app://localhost:8080", "app://localhost:8080"],
  [
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
  ],
  [
    "moz-extension://8f2c1b9e-0d3a-4c5e-9b7a-123456789abc",
    "moz-extension://8f2c1b9e-0d3a-4c5e-9b7a-123456789abc",
  ],
  ["vscode-webview://1abc", "vscode-webview://1abc"],
  ["file://", "file://"],
])("readOriginSetting() takes %j as %s", (item, origin) => {
  assert.equal(readOriginSetting(item), origin);
});

Deno.test.each([
  ...["*", "null", "https://*.example.com", "https://app.example.com/", "https://app.example.com/mcp"],
  ...["https://user@app.example.com", "app.example.com", "file:///tmp", "https://bücher.de", "https://"],
  ...["app://*", "app://localhost/", "app://user@localhost", "app:localhost", "tauri://localhost?x", ""],
  ...["https://app.example.com:0443", "http://", "1app://localhost", "app://a b"],
])("readOriginSetting() refuses %j, which no Origin would ever equal", (item) => {
  assert.equal(readOriginSetting(item), undefined);
});
