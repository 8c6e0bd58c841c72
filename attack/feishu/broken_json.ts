import { httpAnswer, type IssuedPair, joined, pairJson } from "./feishu_answer.ts";
import type { HostileCase } from "./hostile_case.ts";

/** Each of them holds a pair, in text that is no JSON, or not the JSON that is expected. */
const SPOILT: Readonly<Record<string, (json: string, pair: IssuedPair) => string>> = {
  byte_order_mark: (json) => `\ufeff${json}`,
  garbage_behind: (json) => `${json}garbage`,
  guard_in_front: (json) => `)]}',\n${json}`,
  loop_in_front: (json) => `while(1);${json}`,
  jsonp: (json) => `cb(${json})`,
  twice: (json) => json + json,
  trailing_comma: (json) => `${json.slice(0, -1)},}`,
  comment_in_front: (json) => `/* x */${json}`,
  comment_within: (json) => json.replace(",", ",/* x */"),
  array_around: (json) => `[${json}]`,
  data_as_text: (json) => JSON.stringify({ code: 0, data: json }),
  nan_in_front: (json) => `{"x":NaN,${json.slice(1)}`,
  control_in_scope: (json) => json.replace("a b", "a\nb"),
  bad_escape: (json) => json.replace("a b", "a\\xb"),
  unquoted_field: (json) => json.replace('"scope"', "scope"),
  missing_comma: (json) => json.replace(',"scope"', ' "scope"'),
  number_with_zeros: (json) => json.replace("7200", "007200"),
  other_pair_first: (json) => `{"access_token":"eyJother","refresh_token":"eyJother",${json.slice(1)}`,
  behind_300_kb: (json) => `{"pad":"${"x".repeat(300_000)}",${json.slice(1)}`,
  behind_900_kb: (json) => `{"pad":"${"x".repeat(900_000)}",${json.slice(1)}`,
  before_10_mb: (json) => `${json.slice(0, -1)},"pad":"${"x".repeat(10_000_000)}"}`,
  cut_after_tokens: (json) => json.slice(0, json.indexOf('"token_type"') + 4),
};

/** None of these needs to be understood; the program has to live on and say so. */
const HOPELESS: Readonly<Record<string, (json: string) => string>> = {
  nulls_behind: (json) => `${json.slice(0, -1)},"access_token":null,"refresh_token":null}`,
  single_quotes: (json) => json.replaceAll('"', "'"),
  behind_10_mb: (json) => `{"pad":"${"x".repeat(10_000_000)}",${json.slice(1)}`,
  array: () => "[]",
  null: () => "null",
  number: () => "5",
  text: () => '"x"',
  empty_object: () => "{}",
  deep: () => '{"a":'.repeat(100_000),
  deep_and_closed: () => `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`,
  prototype: () => '{"__proto__":{"access_token":"eyJx","refresh_token":"eyJy"}}',
  garbage: () => "\x00\x7f\u00ff".repeat(100),
  code_is_nan: () => '{"code":NaN,"msg":"x"}',
};

/** Answers with broken JSON, or none. */
export function brokenJson(): HostileCase[] {
  const invalidUtf8 = (pair: IssuedPair): Uint8Array<ArrayBuffer> => {
    const [before = "", after = ""] = pairJson(pair).split("a b");
    const encoder = new TextEncoder();
    return joined(encoder.encode(`${before}a`), Uint8Array.of(0xff, 0xfe), encoder.encode(`b${after}`));
  };
  const utf16 = (pair: IssuedPair): Uint8Array<ArrayBuffer> => {
    const text = `\ufeff${pairJson(pair)}`;
    return Uint8Array.from(
      { length: text.length * 2 },
      (_, at) => text.charCodeAt(at >> 1) >> 8 * (at & 1) & 0xff,
    );
  };
  return [
    ...Object.entries(SPOILT).map(([name, spoil]): HostileCase => ({
      name: `json_${name}`,
      holdsPair: true,
      answer: (pair) => [httpAnswer(spoil(pairJson(pair), pair))],
    })),
    ...Object.entries(HOPELESS).map(([name, spoil]): HostileCase => ({
      name: `json_${name}`,
      holdsPair: false,
      answer: (pair) => [httpAnswer(spoil(pairJson(pair)))],
    })),
    { name: "json_invalid_utf8", holdsPair: true, answer: (pair) => [httpAnswer(invalidUtf8(pair))] },
    { name: "json_utf16", holdsPair: false, answer: (pair) => [httpAnswer(utf16(pair))] },
    {
      name: "echo_of_the_request",
      holdsPair: false,
      answer: (pair) => [
        httpAnswer(`<p>"access_token":"eyJnone","refresh_token":"${pair.presented}"</p>`, {
          status: "502 Bad Gateway",
        }),
      ],
    },
  ];
}
