import type { Phrase } from "../../errors/language.ts";
import { nearest } from "./nearest.ts";

/** What to do about a word that is not one of `known`: the nearest of them, with `prefix`, if there is one. */
export function didYouMean(word: string, known: readonly string[], prefix = ""): Phrase {
  const near = nearest(word, known);
  const all: Phrase = { en: "--help lists them all", zh: "--help 会列出全部" };
  if (near === undefined) return all;
  return { en: `did you mean ${prefix}${near}? ${all.en}`, zh: `是否想输入 ${prefix}${near}？${all.zh}` };
}
