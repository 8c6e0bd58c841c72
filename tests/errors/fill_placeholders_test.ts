import assert from "node:assert/strict";
import { DOORS } from "../../src/errors/audience.ts";
import { ERROR_TABLE } from "../../src/errors/error_table.ts";
import { FEISHU_CODE_TEXTS } from "../../src/errors/feishu_code_texts.ts";
import { fillPlaceholders, type Occurrence, PLACEHOLDERS } from "../../src/errors/fill_placeholders.ts";
import { LANGUAGES, type Phrase } from "../../src/errors/language.ts";

const SOURCE = new URL("../../src/", import.meta.url);

const OCCURRENCES: readonly Occurrence[] = LANGUAGES.flatMap((language) =>
  DOORS.flatMap((door) =>
    [undefined, "feishu" as const, "lark" as const].flatMap((brand) =>
      [undefined, 30, "field" as const].map((retryAfterSeconds) => ({
        language,
        door,
        brand,
        retryAfterSeconds,
      }))
    )
  )
);

function phrase(text: string): Phrase {
  return { en: text, zh: text };
}

async function sourcesIn(folder: URL): Promise<URL[]> {
  const found: URL[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) found.push(...await sourcesIn(url));
    else if (name.endsWith(".ts")) found.push(url);
  }
  return found;
}

/** Names in braces without a blank: the formatter puts blanks into the braces of code. */
function placeholdersIn(text: string): string[] {
  return [...text.matchAll(/(?<![$\\\])}])\{([a-z][a-z_]*)\}/g)].map(([, name = ""]) => name);
}

Deno.test("fillPlaceholders() leaves no placeholder open, whatever is known of the occurrence", () => {
  for (const occurrence of OCCURRENCES) {
    for (const name of PLACEHOLDERS) {
      const filled = fillPlaceholders(phrase(`<{${name}}>`), occurrence);
      assert.match(filled, /^<[^{}]{2,}>$/, JSON.stringify(occurrence));
    }
    for (const [code, { nextStep }] of Object.entries(ERROR_TABLE)) {
      assert.doesNotMatch(fillPlaceholders(nextStep, occurrence), /[{}]/, code);
    }
  }
});

Deno.test("no text of the program has a placeholder that is not filled", async () => {
  const found = new Set<string>();
  for (const url of await sourcesIn(SOURCE)) {
    // Its texts are not of this table; one names JSON.
    if (url.pathname.includes("/sandbox/")) continue;
    for (const name of placeholdersIn(await Deno.readTextFile(url))) {
      assert((PLACEHOLDERS as readonly string[]).includes(name), `{${name}} in ${url.pathname}`);
      found.add(name);
    }
  }
  assert.deepEqual([...found].toSorted(), PLACEHOLDERS.toSorted());
});

Deno.test("fillPlaceholders() leaves none open in the texts for Feishu's codes", () => {
  for (const occurrence of OCCURRENCES) {
    for (const [code, texts] of Object.entries(FEISHU_CODE_TEXTS)) {
      for (const { message, nextStep } of Object.values(texts)) {
        assert.doesNotMatch(`${message.en}${message.zh}`, /[{}]/, code);
        assert.doesNotMatch(fillPlaceholders(nextStep, occurrence), /[{}]/, code);
      }
    }
  }
});

Deno.test("no message has a placeholder: only next steps are filled", () => {
  for (const [code, { message }] of Object.entries(ERROR_TABLE)) {
    assert.doesNotMatch(`${message.en}${message.zh}`, /[{}]/, code);
  }
});

Deno.test.each<[Occurrence, string]>([
  [{ language: "en" }, "Try again in a moment with min_ttl_seconds, and restart the server."],
  [
    { language: "en", door: "cli", retryAfterSeconds: 30 },
    "Try again in 30 s with --min-ttl, and run the command again.",
  ],
  [
    { language: "en", retryAfterSeconds: "field" },
    "Try again after retry_after_seconds with min_ttl_seconds, and restart the server.",
  ],
])("fillPlaceholders() uses the words of the reader: %o", (occurrence, filled) => {
  const text = "Try again {retry_after} with {min_ttl}, and {restart}.";
  assert.equal(fillPlaceholders(phrase(text), occurrence), filled);
});

Deno.test.each<[Occurrence, string]>([
  [{ language: "zh" }, "请稍后重试。"],
  [{ language: "zh", retryAfterSeconds: 30 }, "请在 30 秒后重试。"],
  [{ language: "zh", retryAfterSeconds: "field" }, "请在 retry_after_seconds 秒后重试。"],
])("fillPlaceholders() names the wait in Chinese: %o", (occurrence, filled) => {
  assert.equal(fillPlaceholders(phrase("请{retry_after}重试。"), occurrence), filled);
});

Deno.test("fillPlaceholders() leaves other braces alone", () => {
  assert.equal(fillPlaceholders(phrase('{"a": {other}}'), { language: "en" }), '{"a": {other}}');
});
