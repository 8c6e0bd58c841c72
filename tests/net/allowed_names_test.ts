import assert from "node:assert/strict";
import { isHostSetting, isOriginSetting } from "../../src/net/allowed_names.ts";

Deno.test.each([
  "tokens.example.com",
  "tokens.example.com:8443",
  "my_host",
  "10.0.0.1:80",
  "[2001:db8::1]:8081",
])(
  "isHostSetting() takes %s",
  (item) => {
    assert.equal(isHostSetting(item), true);
  },
);

Deno.test.each([
  "*",
  "*.example.com",
  "https://example.com",
  "example.com/",
  "user@example.com",
  "a b",
  "bücher.de",
  "",
])(
  "isHostSetting() refuses %j, which no Host would ever equal",
  (item) => {
    assert.equal(isHostSetting(item), false);
  },
);

Deno.test.each(["https://app.example.com", "http://app.example.com:3000", "http://[2001:db8::1]:3000"])(
  "isOriginSetting() takes %s",
  (item) => {
    assert.equal(isOriginSetting(item), true);
  },
);

Deno.test.each([
  "*",
  "null",
  "https://*.example.com",
  "https://app.example.com/",
  "https://app.example.com:443",
  "https://user@app.example.com",
  "app.example.com",
  "file:///tmp",
  "https://bücher.de",
])("isOriginSetting() refuses %j, which no Origin would ever equal", (item) => {
  assert.equal(isOriginSetting(item), false);
});
