import assert from "node:assert/strict";
import { ERROR_TABLE, type ErrorCode } from "../../src/errors/error_table.ts";
import { FEISHU_CODE_TEXTS } from "../../src/errors/feishu_code_texts.ts";
import { CODE_TABLE } from "../../src/feishu/code_table.ts";

const ROWS = Object.entries(FEISHU_CODE_TEXTS).flatMap(([errorCode, texts]) =>
  Object.entries(texts).map(([code, each]) => ({ ...each, errorCode, code: Number(code) }))
);

Deno.test("`FEISHU_CODE_TEXTS` has texts only for a code that leads to the error", () => {
  for (const { code, errorCode } of ROWS) {
    const leads = CODE_TABLE.some((row) => row.code === code && row.errorCode === errorCode);
    assert(leads, `${code} never becomes ${errorCode}`);
  }
});

Deno.test("`FEISHU_CODE_TEXTS` says something else than the error table, in both languages", () => {
  for (const { code, errorCode, message, nextStep } of ROWS) {
    const row = ERROR_TABLE[errorCode as ErrorCode];
    assert.notEqual(message.en, row.message.en, String(code));
    assert.match(message.en, /^[A-Z].*[^.]$/, String(code));
    assert.match(nextStep.en, /^[A-Z].*\.$/, String(code));
    assert.match(message.zh, /\p{Script=Han}.*[^。]$/u, String(code));
    assert.match(nextStep.zh, /\p{Script=Han}.*。$/u, String(code));
  }
});

Deno.test.each(
  [
    ["credentials_refused", 10014, /not its app secret.*FEISHU_APP_SECRET/],
    ["credentials_refused", 10003, /no app with this app id.*FEISHU_APP_ID.*FEISHU_BRAND/],
    ["app_not_permitted", 20074, /switched off.*Security Settings.*not spent/],
    ["app_not_permitted", 99991401, /IP allow-list.*Security Settings.*address of this server/],
    ["refresh_token_spent", 20064, /revoked.*withdrawn/],
    ["refresh_token_expired", 20037, /the year.*365 days/],
    ["user_unavailable", 20010, /availability range.*Version Management/],
    ["user_unavailable", 20021, /resigned.*administrator/],
    ["authorization_required", 21001, /denies.*Only the tenant's administrator can help/],
  ] as const,
)("`FEISHU_CODE_TEXTS` says of %s with %i what happened and where to go", (errorCode, code, words) => {
  const texts = FEISHU_CODE_TEXTS[errorCode]?.[code] ?? assert.fail();
  assert.match(`${texts.message.en}. ${texts.nextStep.en}`, words);
});
