import assert from "node:assert/strict";
import { readAnswerBody } from "../../src/feishu/answer_body.ts";
import type { EndpointFamily } from "../../src/feishu/code_table.ts";
import { readRefusal } from "../../src/feishu/read_refusal.ts";
import type { WireAnswer } from "../../src/feishu/wire.ts";
import type { FeishuAnswer, Refusal } from "../../src/ports/feishu.ts";
import { wireAnswer } from "./wire_answer.ts";

function read(answer: WireAnswer, family: EndpointFamily = "oauth"): FeishuAnswer {
  return readRefusal(answer, readAnswerBody(answer.text), family);
}

function refusal(answer: WireAnswer, family?: EndpointFamily): Refusal {
  const of = read(answer, family);
  assert(of.kind === "refused", of.kind);
  return of.refusal;
}

function unreadableDetail(answer: WireAnswer): string {
  const of = read(answer);
  assert(of.kind === "unreadable", of.kind);
  return of.detail.en;
}

Deno.test("`readRefusal()` reads Feishu's documented OAuth error, with its log id", () => {
  const body = {
    code: 20050,
    error: "server_error",
    error_description: "An unexpected server error occurred. Please retry your request.",
  };
  assert.deepEqual(read(wireAnswer(body, { status: 500, headers: { "x-tt-logid": "2026A" } })), {
    kind: "refused",
    refusal: {
      verdict: "transient",
      mayHaveConsumed: true,
      errorCode: "feishu_unavailable",
      feishuCode: 20050,
      httpStatus: 500,
      logId: "2026A",
    },
  });
});

Deno.test("`readRefusal()` reads a business error that comes with HTTP 200", () => {
  assert.deepEqual(refusal(wireAnswer({ code: 10003, data: {}, msg: "invalid param" }), "auth"), {
    verdict: "config",
    mayHaveConsumed: false,
    errorCode: "credentials_refused",
    feishuCode: 10003,
    httpStatus: 200,
  });
});

Deno.test("`readRefusal()` reads a code that is given as text", () => {
  assert.equal(refusal(wireAnswer({ code: "20037" }, { status: 400 })).errorCode, "refresh_token_expired");
});

Deno.test("`readRefusal()` takes 429 for a rate limit whatever the body says", () => {
  for (const body of ["slow down", { code: 99991400 }, { code: 20064 }]) {
    const { verdict, errorCode, mayHaveConsumed } = refusal(wireAnswer(body, { status: 429 }));
    assert.deepEqual([verdict, errorCode, mayHaveConsumed], ["transient", "rate_limited", false]);
  }
});

Deno.test("`readRefusal()` says how long to wait when a transient answer does", () => {
  const headers = { "x-ogw-ratelimit-reset": "7" };
  assert.equal(refusal(wireAnswer({ code: 99991400 }, { status: 400, headers })).retryAfterMs, 7000);
});

Deno.test("`readRefusal()` measures a date in Retry-After from when the answer arrived", () => {
  const headers = { "retry-after": "Tue, 14 Nov 2023 22:13:50 GMT" };
  assert.equal(refusal(wireAnswer("", { status: 503, headers })).retryAfterMs, 29_960);
});

Deno.test("`readRefusal()` names no wait when no wait helps", () => {
  const headers = { "retry-after": "7" };
  assert.equal(refusal(wireAnswer({ code: 20037 }, { status: 400, headers })).retryAfterMs, undefined);
});

Deno.test.each([200, 400, 403])(
  "`readRefusal()` never costs a login when the code is unknown and HTTP is %i",
  (status) => {
    assert.deepEqual(refusal(wireAnswer({ code: 29999 }, { status })), {
      verdict: "transient",
      mayHaveConsumed: true,
      errorCode: "feishu_refused",
      feishuCode: 29999,
      httpStatus: status,
    });
  },
);

Deno.test.each([
  ["an unknown code", { code: 29999 }],
  ["no code", {}],
  ["HTML", "<html>Bad Gateway</html>"],
  ["nothing", ""],
])("`readRefusal()` takes HTTP 502 with %s for an outage of unknown effect", (_, body) => {
  const { verdict, errorCode, mayHaveConsumed } = refusal(wireAnswer(body, { status: 502 }));
  assert.deepEqual([verdict, errorCode, mayHaveConsumed], ["transient", "feishu_unavailable", true]);
});

Deno.test.each(
  [
    ["oauth", "invalid_grant", "ambiguous", "refresh_token_invalid"],
    ["legacy", "invalid_grant", "ambiguous", "refresh_token_invalid"],
    ["oauth", "invalid_client", "config", "credentials_refused"],
    ["auth", "invalid_client", "config", "credentials_refused"],
    ["oauth", "unauthorized_client", "config", "app_not_permitted"],
    ["oauth", "invalid_request", "config", "refresh_token_invalid"],
    ["auth", "invalid_request", "config", "credentials_refused"],
    ["oauth", "unsupported_grant_type", "config", "feishu_refused"],
    ["oauth", "invalid_scope", "config", "feishu_refused"],
  ] as const,
)("`readRefusal()` reads OAuth's own error at %s: %s is %s, %s", (family, error, verdict, errorCode) => {
  const body = { error, error_description: "planted" };
  for (const status of [400, 401]) {
    for (const code of [undefined, null, 0, "0", 31337, 20064.5, true, [20064]]) {
      const refused = refusal(wireAnswer({ code, ...body }, { status }), family);
      assert.deepEqual([refused.verdict, refused.errorCode, refused.mayHaveConsumed], [
        verdict,
        errorCode,
        false,
      ]);
      assert.equal(refused.feishuCode, code === 31337 ? code : undefined);
      assert.equal(refused.detail?.en, code === 31337 ? undefined : `HTTP ${status}, error ${error}`);
    }
  }
});

Deno.test("`readRefusal()` believes a known code of Feishu's before OAuth's own error", () => {
  const body = { code: 20037, error: "invalid_client" };
  assert.equal(refusal(wireAnswer(body, { status: 401 })).errorCode, "refresh_token_expired");
});

Deno.test.each([
  [
    "beside a status that is not its own",
    wireAnswer({ error: "invalid_grant" }, { status: 403 }),
    "unreadable",
  ],
  ["beside success", wireAnswer({ error: "invalid_grant" }), "unreadable"],
  ["in an answer that was cut", wireAnswer('{"error":"invalid_grant","x', { status: 400 }), "unreadable"],
  ["in a list", wireAnswer([{ error: "invalid_grant" }], { status: 400 }), "unreadable"],
  ["that nobody knows", wireAnswer({ error: "planted" }, { status: 400 }), "unreadable"],
  ["that every object has", wireAnswer({ error: "constructor" }, { status: 400 }), "unreadable"],
  ["that is no text", wireAnswer({ error: { log_id: "2026A" } }, { status: 400 }), "unreadable"],
])("`readRefusal()` concludes nothing from OAuth's own error %s", (_, answer, kind) => {
  assert.equal(read(answer).kind, kind);
});

Deno.test("`readRefusal()` takes no app's secret for a refresh token when OAuth's error is invalid_grant", () => {
  assert.equal(read(wireAnswer({ error: "invalid_grant" }, { status: 400 }), "auth").kind, "unreadable");
});

Deno.test("`readRefusal()` takes OAuth's own error beside HTTP 503 for an outage", () => {
  const { errorCode, mayHaveConsumed } = refusal(wireAnswer({ error: "invalid_grant" }, { status: 503 }));
  assert.deepEqual([errorCode, mayHaveConsumed], ["feishu_unavailable", true]);
});

Deno.test.each([
  [
    "a page",
    wireAnswer("<html>", { status: 502, headers: { "content-type": "text/html" } }),
    "HTTP 502, no JSON object (text/html, 6 characters)",
  ],
  ["nothing", wireAnswer("", { status: 503 }), "HTTP 503, no JSON object (application/json, 0 characters)"],
  [
    "JSON without a code",
    wireAnswer({}, { status: 500 }),
    "HTTP 500, JSON without a token and without an error code",
  ],
  [
    "a page that was cut",
    wireAnswer("<ht", { status: 504, cut: "timed out" }),
    "HTTP 504, cut off after 3 characters: timed out",
  ],
  [
    "no such path",
    wireAnswer("404 page not found", { status: 404 }),
    "HTTP 404, no JSON object (application/json, 18 characters)",
  ],
])("`readRefusal()` names the status where no code says what happened: %s", (_, answer, detail) => {
  assert.equal(refusal(answer).detail?.en, detail);
});

Deno.test("`readRefusal()` never doubts a refresh token that was not presented", () => {
  assert.equal(refusal(wireAnswer("", { status: 502 }), "auth").mayHaveConsumed, false);
  assert.equal(refusal(wireAnswer({ code: 29999 }), "auth").mayHaveConsumed, false);
  assert.equal(refusal(wireAnswer({ code: 2200 }), "auth").mayHaveConsumed, false);
});

Deno.test("`readRefusal()` takes the gateway's plain-text 404 for a wrong base URL", () => {
  const { verdict, errorCode, mayHaveConsumed } = refusal(wireAnswer("404 page not found", { status: 404 }));
  assert.deepEqual([verdict, errorCode, mayHaveConsumed], ["config", "feishu_unavailable", false]);
});

Deno.test.each([
  [
    "success without a token",
    wireAnswer({ code: 0, msg: "ok" }),
    "HTTP 200, JSON without a token and without an error code",
  ],
  [
    "an error without a code",
    wireAnswer({ error: "x" }, { status: 400 }),
    "HTTP 400, JSON without a token and without an error code",
  ],
  [
    "a portal's page",
    wireAnswer("<html>", { headers: { "content-type": "text/html" } }),
    "HTTP 200, no JSON object (text/html, 6 characters)",
  ],
  ["a JSON list", wireAnswer("[1]"), "HTTP 200, no JSON object (application/json, 3 characters)"],
  [
    "a hostile media type",
    wireAnswer("x", { headers: { "content-type": "<b>planted" } }),
    "HTTP 200, no JSON object (no media type, 1 characters)",
  ],
  [
    "a lost connection",
    wireAnswer('{"code":0,"da', { cut: "connection lost" }),
    "HTTP 200, cut off after 13 characters: connection lost",
  ],
  [
    "a 404 that was cut",
    wireAnswer("404", { status: 404, cut: "timed out" }),
    "HTTP 404, cut off after 3 characters: timed out",
  ],
  [
    "a redirect",
    wireAnswer({ code: 20037 }, {
      status: 302,
      headers: { location: "https://portal.example/in?planted=1" },
    }),
    "HTTP 302 to https://portal.example, which is not followed",
  ],
  [
    "a relative redirect",
    wireAnswer("", { status: 301, headers: { location: "/planted" } }),
    "HTTP 301 to another address, which is not followed",
  ],
])("`readRefusal()` finds %s unreadable and shows nothing of it", (_, answer, expected) => {
  assert.equal(unreadableDetail(answer), expected);
});

Deno.test("`readRefusal()` trusts no code out of a body that was cut", () => {
  assert.equal(read(wireAnswer('{"code":20037,"msg":"re', { cut: "connection lost" })).kind, "unreadable");
});

Deno.test.each([
  ["flat", { code: 21000, error_description: "…", challenge_url: " `https://a.feishu.cn/c?f=1` " }],
  ["in `data`", { code: 21000, msg: "…", data: { challenge_url: "https://a.feishu.cn/c?f=1" } }],
  ["in `error.data`", { error: { code: 21000, data: { challenge_url: "https://a.feishu.cn/c?f=1" } } }],
])("`readRefusal()` reads the page of a security check: %s", (_, body) => {
  for (const family of ["oauth", "device", "user"] as const) {
    const { errorCode, feishuCode, challengeUrl } = refusal(wireAnswer(body, { status: 400 }), family);
    assert.deepEqual([errorCode, feishuCode, challengeUrl], [
      "authorization_required",
      21000,
      "https://a.feishu.cn/c?f=1",
    ]);
  }
});

Deno.test("`readRefusal()` reads a security check without a page of Feishu's", () => {
  const read = refusal(wireAnswer({ code: 21001, challenge_url: "https://evil.test/" }, { status: 400 }));
  assert.equal(read.errorCode, "authorization_required");
  assert.equal("challengeUrl" in read, false);
});

Deno.test("`readRefusal()` reads no page beside another code, and no other code inside `error`", () => {
  const challenge_url = "https://a.feishu.cn/c";
  assert.equal("challengeUrl" in refusal(wireAnswer({ code: 20037, challenge_url }, { status: 400 })), false);
  const nested = { error: { code: 20037, data: { challenge_url } } };
  const answer = readRefusal(
    wireAnswer(nested, { status: 400 }),
    readAnswerBody(JSON.stringify(nested)),
    "oauth",
  );
  assert.equal(answer.kind, "unreadable");
});
