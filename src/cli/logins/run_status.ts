import type { Language, Phrase } from "../../errors/language.ts";
import type { KeptLogin } from "../../ports/logins.ts";
import { placeFlags } from "../command_line/given_flags.ts";
import { inShownCommands, shownCommand } from "../command_line/shown_command.ts";
import { runWork, type WorkCommand } from "../work/run_work.ts";
import { canBeKept, findKeepers, KEEP_THEM, type Keeper, namedKeepers } from "./find_keepers.ts";
import { loginFacts } from "./login_facts.ts";
import { loginReport } from "./login_report.ts";
import { shownUser } from "./shown_user.ts";
import { statusText } from "./status_text.ts";

/**
 * Lists the kept logins of every app: a table on standard output, or one JSON object.
 *
 * @returns the exit code.
 */
export function runStatus(command: WorkCommand): Promise<number> {
  const { platform, sources, ownFlags } = command;
  const asJson = ownFlags.json === true;
  const place = placeFlags(sources.flags);
  return runWork(
    command,
    asJson,
    ({ config, language, withServer }) =>
      withServer(async (server, { clock }) => {
        const { logins, log } = server;
        const kept = await logins.list(null, { owner: "local", log });
        const audience = { language };
        const isToKeep = canBeKept(kept);
        const keepers = isToKeep ? await findKeepers(server, { platform, sources, config }) : [];
        if (asJson) {
          const reports = kept.map((login) => loginReport(login, audience));
          platform.stdout.write(`${JSON.stringify({ logins: reports, renewed_by: keepers })}\n`);
        } else if (kept.length === 0) {
          platform.stderr.write(`feishu-token-mcp: ${nobody(place)[language]}\n`);
        } else {
          const times = { nowMs: clock.now(), timeZone: platform.timeZone };
          const facts = kept.map((login) => loginFacts(login, times));
          platform.stdout.write(statusText(facts, language, platform.columns("stdout")));
          platform.stdout.write(problemLines(kept, language));
          if (isToKeep) {
            platform.stdout.write(`\n${inShownCommands(keepersLine(keepers)[language], place)}\n`);
          }
        }
        return 0;
      }),
  );
}

function nobody(place: readonly string[]): Phrase {
  const login = shownCommand(["login", ...place]);
  return { en: `nobody is logged in; to log in: ${login}`, zh: `没有已登录的用户；登录请运行：${login}` };
}

/** Whether anything renews the logins, and until when they last without it. */
function keepersLine(keepers: readonly Keeper[]): Phrase {
  const names = namedKeepers(keepers);
  if (names !== undefined) {
    return {
      en: `Renewed in time by ${names.en}; without that each ends as listed under Until.`,
      zh: `由${names.zh}按时刷新；若无刷新，登录将在“有效期至”所列时间失效。`,
    };
  }
  return {
    en: `Nothing is seen here that renews them: each ends as listed under Until. ${KEEP_THEM.en}`,
    zh: `未发现会刷新这些登录的程序：登录将在“有效期至”所列时间失效。${KEEP_THEM.zh}`,
  };
}

/** What was wrong the last time, and what helps, a line for each login that has something. */
function problemLines(logins: readonly KeptLogin[], language: Language): string {
  const lines = logins.flatMap(({ user, brand, problem }) => {
    if (problem === undefined) return [];
    const text = problem.sentence({ language, brand, door: "cli" });
    return `${shownUser(user)[language]}${language === "zh" ? "：" : ": "}${text}\n`;
  });
  return lines.length === 0 ? "" : `\n${lines.join("")}`;
}
