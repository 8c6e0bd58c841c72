import type { Phrase } from "../../errors/language.ts";

/** Warning about a network database that is used without a journal. */
export interface WithoutJournal {
  /** One clause. */
  readonly problem: Phrase;
  /** One clause, for after a colon. */
  readonly nextStep: Phrase;
}

/** Words the warning; `why` is the reason that there is no journal. */
export function withoutJournal(why: Phrase, os: typeof Deno.build.os): WithoutJournal {
  const variable = os === "windows" ? "LOCALAPPDATA" : "HOME";
  return {
    problem: {
      en:
        `there is no journal (${why.en}), and a new pair is lost if the server is killed before the database has it`,
      zh: `没有恢复日志（${why.zh}），如果服务在新的令牌对写入数据库之前被强制终止，该令牌对就会丢失`,
    },
    nextStep: {
      en: `set ${variable} to a writable folder`,
      zh: `请将 ${variable} 设为可写的文件夹`,
    },
  };
}
