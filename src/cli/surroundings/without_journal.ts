import type { Phrase } from "../../errors/language.ts";

/** What it means that a database on the network is used without a journal, and what to do about it. */
export interface WithoutJournal {
  /** In one clause. */
  readonly problem: Phrase;
  /** As it goes on after a colon. */
  readonly nextStep: Phrase;
}

/** Puts into words that there is no journal, since `why`. */
export function withoutJournal(why: Phrase, os: typeof Deno.build.os): WithoutJournal {
  const variable = os === "windows" ? "LOCALAPPDATA" : "HOME";
  return {
    problem: {
      en:
        `there is no journal (${why.en}), and a new pair is lost if the server is killed before the database has it`,
      zh: `没有恢复日志（${why.zh}），如果服务在新的令牌对写入数据库之前被杀掉，该令牌对就会丢失`,
    },
    nextStep: {
      en: `let ${variable} name a folder that can be written`,
      zh: `请让 ${variable} 指向可写的文件夹`,
    },
  };
}
