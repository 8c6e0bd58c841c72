import type { Phrase } from "../../errors/language.ts";
import { nearest } from "./nearest.ts";

/** Suggests the word of `known`, with `prefix`, that is nearest to `word`; else refers to `--help`. */
export function didYouMean(word: string, known: readonly string[], prefix = ""): Phrase {
  const near = nearest(word, known);
  const all: Phrase = { en: "--help lists them all", zh: "--help 会列出全部" };
  if (near === undefined) return all;
  return { en: `did you mean ${prefix}${near}? ${all.en}`, zh: `是否想输入 ${prefix}${near}？${all.zh}` };
}
