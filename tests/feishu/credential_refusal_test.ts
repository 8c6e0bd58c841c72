import assert from "node:assert/strict";
import { credentialRefusal } from "../../src/feishu/credential_refusal.ts";
import { readInternalTokenAnswer } from "../../src/feishu/internal_token_endpoint.ts";
import { wireAnswer } from "./wire_answer.ts";

Deno.test("`credentialRefusal()` tells a wrong secret from an unknown app, in both languages", () => {
  const [secret, app] = [credentialRefusal(10014, "auth"), credentialRefusal(10003, "auth")];
  assert.match(secret?.message.en ?? "", /not its app secret/);
  assert.match(app?.message.en ?? "", /no app with this app id/);
  assert.match(secret?.nextStep.en ?? "", /FEISHU_APP_SECRET/);
  assert.match(app?.nextStep.en ?? "", /FEISHU_APP_ID.*FEISHU_BRAND/);
  for (const told of [secret, app]) {
    assert.match(`${told?.message.zh}${told?.nextStep.zh}`, /\p{Script=Han}.*。$/u);
  }
});

Deno.test("`credentialRefusal()` knows no more of a code that says only that something is wrong", () => {
  assert.equal(credentialRefusal(99991543, "auth"), undefined);
  assert.equal(credentialRefusal(10003, "legacy"), undefined);
});

Deno.test.each([[10014, /app secret/], [10003, /app id/]])(
  "the refusal that is read from an answer with the code %i says so",
  (code, message) => {
    const answer = readInternalTokenAnswer("app", wireAnswer({ code, msg: "planted" }));
    assert.equal(answer.kind === "refused" && message.test(answer.refusal.told?.message.en ?? ""), true);
  },
);
