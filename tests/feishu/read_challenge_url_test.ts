import assert from "node:assert/strict";
import { readChallengeUrl } from "../../src/feishu/read_challenge_url.ts";

const PAGE = "https://accounts.feishu.cn/challenge?flow=1&lang=zh";

Deno.test.each([
  ["of the token endpoints", { code: 21000, challenge_url: PAGE, cli_hint: "planted" }],
  ["of the gateway", { code: 21000, msg: "…", data: { challenge_url: PAGE, cli_hint: "planted" } }],
  ["of an MCP server", { jsonrpc: "2.0", id: 1, error: { code: 21000, data: { challenge_url: PAGE } } }],
])("`readChallengeUrl()` finds the page in an answer %s", (_, fields) => {
  assert.equal(readChallengeUrl(fields), PAGE);
});

Deno.test.each([` ${PAGE}\n`, `\`${PAGE}\``, ` \`${PAGE}\` `, `\`\`\`\n${PAGE}\n\`\`\``])(
  "`readChallengeUrl()` trims blanks and backticks: %j",
  (challenge_url) => {
    assert.equal(readChallengeUrl({ challenge_url }), PAGE);
  },
);

Deno.test.each([
  "https://feishu.cn/a",
  "https://t1.feishu.cn/a",
  "https://accounts.larksuite.com/a",
  "https://www.larkoffice.com/a",
  "http://127.0.0.1:8082/challenge",
  "http://[::1]:8082/challenge",
  "http://localhost:8082/challenge",
])("`readChallengeUrl()` takes %s", (challenge_url) => {
  assert.equal(readChallengeUrl({ challenge_url }), challenge_url);
});

Deno.test.each([
  "https://feishu.cn.evil.test/a",
  "https://evilfeishu.cn/a",
  "https://evil.test/feishu.cn",
  "https://evil.test/?feishu.cn",
  "https://accounts.feishu.cn@evil.test/a",
  "https://user:pass@accounts.feishu.cn/a",
  "https://accounts.feishu.cn:8443/a",
  "https://accounts.feishu.cn./a",
  "http://accounts.feishu.cn/a",
  "http://127.0.0.1.nip.io/a",
  "https://127.0.0.1/a",
  "javascript:alert(1)//feishu.cn",
  "data:text/html,feishu.cn",
  "//accounts.feishu.cn/a",
  "accounts.feishu.cn/a",
  "",
  "` `",
])("`readChallengeUrl()` sends nobody to %s", (challenge_url) => {
  assert.equal(readChallengeUrl({ challenge_url }), undefined);
});

Deno.test("`readChallengeUrl()` reads no page whose address is longer than 2048 characters", () => {
  const origin = "https://accounts.feishu.cn/";
  const longest = origin + "a".repeat(2_048 - origin.length);
  assert.equal(readChallengeUrl({ challenge_url: longest }), longest);
  assert.equal(readChallengeUrl({ challenge_url: `${longest}a` }), undefined);
});

Deno.test.each([[7], [null], [{}], [[PAGE]], [undefined]])(
  "`readChallengeUrl()` reads no page in %o",
  (value) => {
    assert.equal(readChallengeUrl({ challenge_url: value, data: value, error: value }), undefined);
  },
);

Deno.test("`readChallengeUrl()` goes on to the next place when one has a page that is not Feishu's", () => {
  assert.equal(
    readChallengeUrl({ challenge_url: "https://evil.test/", data: { challenge_url: PAGE } }),
    PAGE,
  );
});

Deno.test("`readChallengeUrl()` leaves no character that ends a line or commands a terminal", () => {
  const url = readChallengeUrl({ challenge_url: "https://a.feishu.cn/\u001b[2J\nx?\u202ey={retry_after}" });
  assert.match(url ?? "", /^https:\/\/a\.feishu\.cn\/[\x21-\x7e]+$/);
});
