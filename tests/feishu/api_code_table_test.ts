import assert from "node:assert/strict";
import { API_CODE_TABLE, findApiRefusal } from "../../src/feishu/api_code_table.ts";

Deno.test("`API_CODE_TABLE` has one row at most for a code", () => {
  const codes = API_CODE_TABLE.map(({ code }) => code);
  assert.deepEqual(codes.filter((code, at) => codes.indexOf(code) !== at), []);
});

Deno.test("`API_CODE_TABLE` says in both languages what helps", () => {
  for (const { code, meaning, nextStep } of API_CODE_TABLE) {
    assert.match(meaning.zh + nextStep.zh, /^[^a-z]*\p{Script=Han}/u, String(code));
    assert.doesNotMatch(meaning.en + nextStep.en, /\p{Script=Han}/u, String(code));
    assert.match(nextStep.en, /^[A-Z].*\.$/, String(code));
  }
});

Deno.test.each([20005, 20013, 20014, 99991663, 99991664, 99991665, 99991668, 99991671, 99991677, 1])(
  "`findApiRefusal()` finds nothing for %i, which may be the token's fault",
  (code) => {
    assert.equal(findApiRefusal(code), undefined);
  },
);

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
])("`findApiRefusal()` reads %i as %s", (code, meaning) => {
  assert.match(findApiRefusal(code)?.meaning.en ?? "", meaning);
});
