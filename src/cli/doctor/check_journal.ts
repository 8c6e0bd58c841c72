import type { ComposedServer } from "../../compose.ts";
import type { Platform } from "../../platform.ts";
import { sentence } from "../../errors/sentence.ts";
import { StartError } from "../../errors/start_error.ts";
import { journalPlace } from "../../store/journal/journal_place.ts";
import type { StorePlace } from "../../store/files/store_place.ts";
import { withoutJournal } from "../surroundings/without_journal.ts";
import { type Check, ok, warn } from "./check.ts";

/** Whether a database has a journal, and which of its pairs the database will never take. */
export function checkJournal(
  { journalProblem, tooLargePairs }: Pick<ComposedServer, "journalProblem" | "tooLargePairs">,
  os: typeof Deno.build.os,
): Check {
  if (tooLargePairs.length > 0) {
    const files = tooLargePairs.join(", ");
    return warn("store journal", {
      en: `only this machine has the pairs in ${files}: a database value holds at most 64 KiB`,
      zh: `${files} 中的令牌对只保存在本机：数据库的单个值不能超过 64 KiB`,
    }, {
      en:
        "Leave the files where they are, and check that FEISHU_BASE_URL is Feishu's own address: its tokens are far smaller.",
      zh: "请保留这些文件，并检查 FEISHU_BASE_URL 是否为飞书自己的地址：飞书的令牌远小于此。",
    });
  }
  if (journalProblem === undefined) {
    return ok("store journal", { en: "in your own data directory", zh: "位于用户自己的数据目录" });
  }
  const { problem, nextStep } = withoutJournal(journalProblem, os);
  return warn("store journal", problem, sentence(nextStep));
}

/** Whether a store that does not exist yet will have a journal. */
export async function checkJournalPlace(
  place: StorePlace,
  { os, env }: Pick<Platform, "os" | "env">,
): Promise<Check> {
  try {
    await journalPlace(place, { os, env });
    return checkJournal({ tooLargePairs: [], journalProblem: undefined }, os);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return checkJournal({ tooLargePairs: [], journalProblem: error.problem }, os);
  }
}
