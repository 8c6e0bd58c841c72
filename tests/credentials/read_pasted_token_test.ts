import assert from "node:assert/strict";
import { type PastedKind, readPastedToken } from "../../src/credentials/read_pasted_token.ts";

const REFRESH = "ur-abcDEF_123-xyz";
const JWT = "eyJhbGciOiJFUzI1NiJ9.eyJ0eXAiOiJyZWZyZXNoX3Rva2VuIn0.c2ln_-na";
const PAIR = JSON.stringify({ code: 0, access_token: "u-access", refresh_token: REFRESH, expires_in: 7200 });
const ENV = `FEISHU_USER_ACCESS_TOKEN=u-access\nFEISHU_REFRESH_TOKEN=${REFRESH}\n`;

Deno.test.each([
  REFRESH,
  ` ${REFRESH}\n`,
  `Bearer ${REFRESH}`,
  `bearer   ${REFRESH}`,
  `Authorization: Bearer ${REFRESH}`,
  `"${REFRESH}"`,
  `'${REFRESH}'`,
  `\`${REFRESH}\``,
  `“${REFRESH}”`,
  `‘${REFRESH}’`,
  `"Bearer ${REFRESH}"`,
  `Bearer "${REFRESH}"`,
  `REFRESH_TOKEN=${REFRESH}`,
  `refresh_token = ${REFRESH}`,
  `refresh_token: ${REFRESH}`,
  `"refresh_token": "${REFRESH}",`,
  `export FEISHU_REFRESH_TOKEN="${REFRESH}"`,
  `$env:FEISHU_REFRESH_TOKEN = '${REFRESH}'`,
  `set FEISHU_REFRESH_TOKEN=${REFRESH}`,
  PAIR,
  JSON.stringify(JSON.parse(PAIR), null, 2),
  JSON.stringify({ code: 0, msg: "success", data: { access_token: "u-access", refresh_token: REFRESH } }),
  JSON.stringify({ result: { structuredContent: { access_token: "u-access", refresh_token: REFRESH } } }),
  `{'access_token': 'u-access', 'refresh_token': '${REFRESH}', 'expires_in': 7200}`,
  `\`\`\`json\n${PAIR}\n\`\`\``,
  `\`\`\`\n${REFRESH}\n\`\`\``,
  ENV,
  ENV.replaceAll("\n", "\r\n"),
])("readPastedToken() finds the refresh token in %j", (text) => {
  assert.equal(readPastedToken(text, "refresh"), REFRESH);
});

Deno.test.each([PAIR, `[${PAIR}]`, ENV, "Bearer u-access", '{"data": {"user_access_token": "u-access"}}'])(
  "readPastedToken() finds the access token in %j",
  (text) => {
    assert.equal(readPastedToken(text, "access"), "u-access");
  },
);

Deno.test.each([
  ["tenant_access_token", "t-a"],
  ["app_access_token", "t-a"],
])("readPastedToken() finds the token in this server's own answer: %s", (field, token) => {
  assert.equal(readPastedToken(JSON.stringify({ [field]: token, expires_in: 5 }), "access"), token);
});

Deno.test.each<[PastedKind, string]>([
  ["refresh", JWT],
  ["refresh", "plain_opaque-token~+/=="],
  ["refresh", "dGVzdA=="],
  ["refresh", "abc="],
  ["refresh", "two words"],
  ["refresh", "bearerless"],
  ["refresh", ""],
  ["refresh", '{"refresh_token": 5}'],
  ["refresh", '{"refresh_token": "ur-cut'],
  ["refresh", '{"a": {"refresh_token": "ur-one"}, "b": {"refresh_token": "ur-two"}}'],
  ["refresh", "one\ntwo"],
  ["access", "t-g1044ABC"],
])("readPastedToken() leaves the %s token %j as it is", (kind, text) => {
  assert.equal(readPastedToken(text, kind), text);
});
