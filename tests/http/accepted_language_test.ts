import assert from "node:assert/strict";
import type { Language } from "../../src/errors/language.ts";
import { acceptedLanguage } from "../../src/http/accepted_language.ts";

Deno.test.each<[string | null, Language, Language]>([
  [null, "en", "en"],
  [null, "zh", "zh"],
  ["", "zh", "zh"],
  ["zh-CN,zh;q=0.9,en;q=0.8", "en", "zh"],
  ["en-GB,en;q=0.9,zh;q=0.8", "zh", "en"],
  ["fr-FR,fr;q=0.9,zh-Hant;q=0.4,en;q=0.3", "en", "zh"],
  ["fr, de;q=0.5", "zh", "zh"],
  ["*", "zh", "zh"],
  ["zh;q=0, en;q=0.1", "zh", "en"],
  ["zh;q=0", "zh", "zh"],
  ["en;q=0.5, ZH-cn ; q=0.7", "en", "zh"],
  ["zh;q=2, en;q=0.1", "zh", "en"],
  ["zhuang", "en", "en"],
])("acceptedLanguage() reads %j, else %s, as %s", (header, otherwise, language) => {
  assert.equal(acceptedLanguage(header, otherwise), language);
});
