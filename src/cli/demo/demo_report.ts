import type { Language, Phrase } from "../../errors/language.ts";

/** Prints the demo: every line with a mark is a claim that was checked just now. */
export class DemoReport {
  readonly #write: (text: string) => void;
  readonly #language: Language;
  #held = 0;
  #failed = 0;

  /** Prints in `language` through `write`, which takes text for standard output. */
  constructor(write: (text: string) => void, language: Language) {
    this.#write = write;
    this.#language = language;
  }

  /** 0 where something was checked and every claim held, else 1. */
  get exitCode(): 0 | 1 {
    return this.#held > 0 && this.#failed === 0 ? 0 : 1;
  }

  /** A heading. */
  section(title: Phrase): void {
    this.say({ en: `\n${title.en}`, zh: `\n${title.zh}` });
  }

  /** One line. */
  say(line: Phrase): void {
    this.#write(`${line[this.#language]}\n`);
  }

  /** Prints `claim` with what was seen, as true or as false. */
  check(claim: Phrase, isTrue: boolean, seen: Phrase): void {
    if (isTrue) this.#held++;
    else this.#failed++;
    const mark = isTrue ? "ok  " : "FAIL";
    this.say({ en: `  ${mark}  ${claim.en}: ${seen.en}`, zh: `  ${mark}  ${claim.zh}：${seen.zh}` });
  }

  /** Prints how many claims held, and that Feishu accepted `calls` calls in all. */
  end(calls: number): void {
    this.say({
      en: `\n${this.#held} claims held, ${this.#failed} did not. Feishu accepted ${calls} calls in all.`,
      zh: `\n${this.#held} 项成立，${this.#failed} 项不成立。模拟飞书共接受 ${calls} 次调用。`,
    });
  }
}

/** Of a shorter token the characters shown would be half of it. */
const SHORTEST_SHOWN = 24;

/** As much of `token` as it takes to compare it by eye: too little to use it. */
export function masked(token: unknown): Phrase {
  if (typeof token !== "string") return { en: "no token", zh: "没有令牌" };
  const [start, end] = token.length < SHORTEST_SHOWN ? ["", ""] : [token.slice(0, 7), token.slice(-4)];
  return {
    en: `${start}…${end} (${token.length} characters)`,
    zh: `${start}…${end}（${token.length} 个字符）`,
  };
}
