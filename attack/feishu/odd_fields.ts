import { httpAnswer, type IssuedPair, pairJson, pairJsonWith } from "./feishu_answer.ts";
import type { HostileCase } from "./hostile_case.ts";

const NO_TEXTS = { num: 5, null: null, arr: ["x"], obj: { a: 1 }, true: true, empty: "" };
const LIFETIMES = {
  neg: "-1",
  zero: "0",
  one: "1",
  huge: "1".repeat(30),
  inf: "1e400",
  str: '"7200"',
  word: '"abc"',
  null: "null",
  obj: "{}",
  true: "true",
  float: "7199.99",
  ms: "7200000",
  unix: "1796052246",
  NaN: "NaN",
  Infinity: "Infinity",
  undefined: "undefined",
};
const ODD_TOKENS = {
  newline: "eyJ\n",
  crlf: "eyJ\r\nX-Evil: 1\r\n",
  nul: "eyJ\0",
  escape: "eyJ\x1b[31m",
  unicode: "eyJ\u202e\u4e2d",
  surrogate: "eyJ\ud800",
  blank: " ",
};
const SIZES = { "10k": 10_000, "40k": 40_000, "70k": 70_000, "200k": 200_000, "300k": 300_000 };
const CODES = {
  str0: '"0"',
  str: '"20064"',
  float: "20064.5",
  neg: "-1",
  true: "true",
  big: "1e30",
  null: "null",
  arr: "[20064]",
  unknown: "31337",
};
const TOKEN_TYPES = { obj: {}, num: 1, evil: "Bearer\r\nX: 1", mac: "MAC", empty: "" };
/** Makes another refresh token of one. */
const OTHER = "other";
const SCOPES = { num: 5, arr: ["a"], obj: {}, null: null };

/** Answers in valid JSON with wrong fields. */
export function oddFields(): HostileCase[] {
  return [
    found("baseline", (pair) => pairJson(pair)),
    ...Object.entries(NO_TEXTS).flatMap(([name, value]) => [
      none(`access_${name}`, (pair) => pairJson(pair, { access_token: value })),
      none(`refresh_${name}`, (pair) => pairJson(pair, { refresh_token: value })),
    ]),
    none("no_refresh_token", (pair) => pairJson(pair, { refresh_token: undefined })),
    ...Object.entries(LIFETIMES).flatMap(([name, text]) => {
      const isEnding = name === "zero" || name === "one";
      return [
        { ...found(`expires_${name}`, (pair) => pairJsonWith(pair, "expires_in", text)), isEnding },
        found(`refresh_expires_${name}`, (pair) => pairJsonWith(pair, "refresh_token_expires_in", text)),
      ];
    }),
    found("expires_missing", (pair) => pairJson(pair, { expires_in: undefined })),
    ...Object.entries(ODD_TOKENS).flatMap(([name, start]) => [
      found(`access_${name}`, (pair) => pairJson(pair, { access_token: start + pair.access_token })),
      found(`refresh_${name}`, (pair) => pairJson(pair, { refresh_token: start + pair.refresh_token })),
    ]),
    ...Object.entries(SIZES).flatMap(([name, size]) => [
      found(
        `access_${name}`,
        (pair) => pairJson(pair, { access_token: pair.access_token + "a".repeat(size) }),
      ),
      found(
        `refresh_${name}`,
        (pair) => pairJson(pair, { refresh_token: pair.refresh_token + "a".repeat(size) }),
      ),
      found(`scope_${name}`, (pair) => pairJson(pair, { scope: "s".repeat(size) })),
    ]),
    ...Object.entries(CODES).flatMap(([name, code]) => [
      {
        name: `code_${name}`,
        holdsPair: false,
        answer: () => [
          httpAnswer(`{"code":${code},"msg":"said","error":"invalid_grant"}`, {
            status: "400 Bad Request",
          }),
        ],
      },
      found(`code_${name}_with_pair`, (pair) => pairJsonWith(pair, "code", code)),
    ]),
    ...Object.entries(TOKEN_TYPES).map(([name, value]) =>
      found(`type_${name}`, (pair) => pairJson(pair, { token_type: value }))
    ),
    ...Object.entries(SCOPES).map(([name, value]) =>
      found(`scope_${name}`, (pair) => pairJson(pair, { scope: value }))
    ),
    found("presented_token_again", (pair) => pairJson(pair, { refresh_token: pair.presented })),
    // As long as the second question comes a little later, less than half a minute is left.
    {
      ...found("loop_of_one", (pair) => pairJson(pair, { refresh_token: pair.presented, expires_in: 31 })),
      isLoop: true,
    },
    {
      ...found("loop_of_two", (pair) => {
        const other = pair.presented.endsWith(OTHER)
          ? pair.presented.slice(0, -OTHER.length)
          : pair.presented + OTHER;
        return pairJson(pair, { refresh_token: other, expires_in: 31 });
      }),
      isLoop: true,
    },
    found("same_access_token", (pair) => pairJson(pair, { access_token: "eyJalwaysTheSame.x.y" })),
    found("in_data", (pair) => `{"code":0,"data":${pairJson(pair)}}`),
  ];
}

function found(name: string, body: (pair: IssuedPair) => string): HostileCase {
  return { name, holdsPair: true, answer: (pair) => [httpAnswer(body(pair))] };
}

function none(name: string, body: (pair: IssuedPair) => string): HostileCase {
  return { name, holdsPair: false, answer: (pair) => [httpAnswer(body(pair))] };
}
