import assert from "node:assert/strict";
import { languageOf } from "../../src/errors/language.ts";

Deno.test.each([
  ["zh", "zh"],
  ["zh-CN", "zh"],
  ["zh_CN.UTF-8", "zh"],
  ["zh_TW", "zh"],
  ["zh-Hans-SG", "zh"],
  ["ZH-cn", "zh"],
  ["en-US", "en"],
  ["C.UTF-8", "en"],
  ["POSIX", "en"],
  ["und", "en"],
  ["zha", "en"],
  ["de-CH", "en"],
  ["", "en"],
  [undefined, "en"],
])("languageOf() reads the locale %s as %s", (locale, language) => {
  assert.equal(languageOf(locale), language);
});
