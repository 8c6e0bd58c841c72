import assert from "node:assert/strict";
import { isHostSetting } from "../../src/net/is_host_setting.ts";

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
