import assert from "node:assert/strict";
import { brokenConnections } from "../../../attack/feishu/broken_connections.ts";
import { brokenJson } from "../../../attack/feishu/broken_json.ts";
import type { AnswerStep, IssuedPair } from "../../../attack/feishu/feishu_answer.ts";
import { oddFields } from "../../../attack/feishu/odd_fields.ts";
import { oddHttp } from "../../../attack/feishu/odd_http.ts";

const PAIR: IssuedPair = {
  access_token: "eyJaccess.x.y",
  refresh_token: "eyJrefresh.x.y",
  presented: "eyJfirst.x.y",
};
const CASES = [...oddFields(), ...brokenJson(), ...oddHttp(), ...brokenConnections()];

function textOf(steps: readonly AnswerStep[]): string {
  return steps.map((step) => step instanceof Uint8Array ? new TextDecoder("latin1").decode(step) : "").join(
    "",
  );
}

Deno.test("the hostile answers are some 200 and more, each with a name of its own", () => {
  assert(CASES.length >= 220, String(CASES.length));
  assert.equal(new Set(CASES.map(({ name }) => name)).size, CASES.length);
});

Deno.test("each hostile answer that holds a pair holds both tokens", () => {
  for (const { name, holdsPair, answer } of CASES) {
    // Compressed, or in pieces of a few bytes, they are not to be seen; some cases replace one of them.
    if (!holdsPair || /gzip|chunked|presented_token_again|loop_of|same_access_token/.test(name)) continue;
    const text = textOf(answer(PAIR, "http://127.0.0.1:1/stolen"));
    assert(text.includes("access.x.y"), name);
    assert(text.includes("refresh.x.y"), name);
  }
});
