import assert from "node:assert/strict";
import { createHosts } from "../../src/feishu/hosts.ts";
import { buildUserInfo, readUserInfo } from "../../src/feishu/user_info.ts";
import type { FeishuUser } from "../../src/ports/feishu.ts";
import { Secret } from "../../src/secret.ts";
import { wireAnswer } from "./wire_answer.ts";

const PROFILE = {
  name: "Ada",
  en_name: "Ada L.",
  open_id: "ou_1",
  union_id: "on_1",
  tenant_key: "t1",
  email: "ada@planted.test",
  mobile: "+4900planted",
};

function user(data: object): FeishuUser {
  const answer = readUserInfo(wireAnswer({ code: 0, msg: "success", data }));
  assert(answer.kind === "user", answer.kind);
  return answer.user;
}

Deno.test("`buildUserInfo()` asks with the user's token and without a body", () => {
  const accessToken = new Secret("eyJa");
  assert.deepEqual(buildUserInfo(createHosts(), { brand: "lark", accessToken }), {
    url: "https://open.larksuite.com/open-apis/authen/v1/user_info",
    bearer: accessToken,
  });
});

Deno.test("`readUserInfo()` reads who it was, and neither e-mail nor phone", () => {
  assert.deepEqual(user(PROFILE), { openId: "ou_1", name: "Ada", tenantKey: "t1", unionId: "on_1" });
});

Deno.test("`readUserInfo()` reads flat fields as well", () => {
  const answer = readUserInfo(wireAnswer({ code: 0, ...PROFILE }));
  assert(answer.kind === "user");
  assert.equal(answer.user.openId, "ou_1");
});

Deno.test.each([
  [{ name: "A\u001b[2Jda\r\nroot" }, "A [2Jda root"],
  [{ name: "\u202eadA" }, "adA"],
  [{ name: "" }, "Ada L."],
  [{ name: 7, en_name: null }, undefined],
])("`readUserInfo()` reads the name of %o as %o", (change, name) => {
  assert.equal(user({ ...PROFILE, ...change }).name, name);
});

Deno.test("`readUserInfo()` reads 200 characters of a name at most", () => {
  assert.equal(user({ ...PROFILE, name: "龙".repeat(300) }).name, "龙".repeat(200));
});

Deno.test.each([
  ["no open_id", { code: 0, data: { ...PROFILE, open_id: undefined } }, 200],
  ["an open_id that is none", { code: 0, data: { ...PROFILE, open_id: "ou_1\nou_2" } }, 200],
  ["a page", "<html></html>", 200],
  ["half of an answer", '{"code":0,"data":{"open_id":"ou_1","name":"A', 200],
])("`readUserInfo()` names nobody with %s", (_, body, status) => {
  assert.equal(readUserInfo(wireAnswer(body, { status })).kind, "unreadable");
});

Deno.test("`readUserInfo()` names nobody beside an error", () => {
  const answer = readUserInfo(wireAnswer({ code: 20021, data: PROFILE }));
  assert(answer.kind === "refused");
  assert.equal(answer.refusal.errorCode, "user_unavailable");
});

Deno.test.each([
  [99991668, 400, "ambiguous", "not_logged_in"],
  [20005, 200, "ambiguous", "not_logged_in"],
  [99991401, 400, "config", "app_not_permitted"],
  [99991679, 400, "permanent", "scope_not_granted"],
  [20050, 500, "transient", "feishu_unavailable"],
])("`readUserInfo()` reads %i with %i as %s, %s", (code, status, verdict, errorCode) => {
  const answer = readUserInfo(wireAnswer({ code, msg: "…" }, { status }));
  assert(answer.kind === "refused");
  const { refusal } = answer;
  assert.deepEqual([refusal.verdict, refusal.errorCode, refusal.mayHaveConsumed], [
    verdict,
    errorCode,
    false,
  ]);
});
