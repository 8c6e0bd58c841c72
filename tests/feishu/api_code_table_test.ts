import assert from "node:assert/strict";
import { API_CODE_TABLE, findApiRefusal } from "../../src/feishu/api_code_table.ts";
import { CODE_TABLE } from "../../src/feishu/code_table.ts";
import { CONVICTING_CODES } from "../../src/feishu/convicting_codes.ts";
import { SERVICE_CODE_TABLE } from "../../src/feishu/service_code_table.ts";

const ALL_ROWS = [...API_CODE_TABLE, ...SERVICE_CODE_TABLE];
/** As Feishu documents them; everything else acquits the token. */
const CONVICTING = [
  ...[20005, 20013, 20014, 99991663, 99991664, 99991665, 99991668, 99991671, 99991677],
] as const;

Deno.test("the tables of API codes have one row at most for a code", () => {
  const codes = ALL_ROWS.map(({ code }) => code);
  assert.deepEqual(codes.filter((code, at) => codes.indexOf(code) !== at), []);
});

Deno.test("the tables of API codes say in both languages what helps", () => {
  for (const { code, meaning, nextStep } of ALL_ROWS) {
    assert.match(meaning.zh + nextStep.zh, /\p{Script=Han}/u, String(code));
    assert.match(nextStep.zh, /\p{Script=Han}.*。$/u, String(code));
    assert.doesNotMatch(meaning.en + nextStep.en, /\p{Script=Han}/u, String(code));
    assert.match(nextStep.en, /^[A-Z].*\.$/, String(code));
  }
});

Deno.test("`findApiRefusal()` finds nothing for the closed list of codes that blame the token, and for no other", () => {
  assert.deepEqual([...CONVICTING_CODES].sort((a, b) => a - b), CONVICTING);
  for (const code of CONVICTING) assert.equal(findApiRefusal(code), undefined, String(code));
  const others = [...ALL_ROWS, ...CODE_TABLE].map(({ code }) => code).filter((code) =>
    !CONVICTING_CODES.has(code)
  );
  for (const code of [...others, 1, 12, 1999999, 99991666, 99991670, 2_147_483_647]) {
    assert.equal(findApiRefusal(code)?.code, code);
  }
});

Deno.test("every code of the token endpoints either blames the token or has a row that says what helps", () => {
  const known = new Set([...CONVICTING_CODES, ...ALL_ROWS.map(({ code }) => code)]);
  assert.deepEqual(CODE_TABLE.map(({ code }) => code).filter((code) => !known.has(code)), []);
});

Deno.test("`findApiRefusal()` says of a code that no table knows how to renew the token all the same", () => {
  const { meaning, nextStep } = findApiRefusal(1_999_999) ?? assert.fail();
  assert.match(nextStep.en, /known to be good fails.*report it without feishu_code.*at most once a minute/);
  assert.match(nextStep.zh, /不带 feishu_code.*每分钟至多一次/);
  assert.match(meaning.zh, /\p{Script=Han}/u);
  for (const row of ALL_ROWS) assert.doesNotMatch(row.nextStep.en, /without feishu_code/);
});

Deno.test("`findApiRefusal()` says of a scope that was not granted which tool logs in with it", () => {
  const { nextStep } = findApiRefusal(99991679) ?? assert.fail();
  for (const text of [nextStep.en, nextStep.zh]) {
    assert.match(text, /`permission_violations`.*start_feishu_login/);
  }
  assert.match(nextStep.en, /a refresh adds no scope/);
});

Deno.test.each([
  [99991672, /scope/],
  [99991676, /permission/],
  [99991679, /scope/],
  [99991400, /limit/],
  [99991401, /IP address/],
  [99991403, /quota/],
  [99991661, /no token/],
  [99992402, /parameter/],
  [20022, /frozen/],
  [2200, /internal/],
  [1770032, /no access to this document/],
  [131006, /no access to this wiki/],
  [91403, /no access to this base or document/],
  [230002, /bot is not in the chat/],
  [1254302, /no permission for this in the base/],
  [10014, /app secret/],
  [20037, /refresh token/],
])("`findApiRefusal()` reads %i as %s", (code, meaning) => {
  assert.match(findApiRefusal(code)?.meaning.en ?? "", meaning);
});
