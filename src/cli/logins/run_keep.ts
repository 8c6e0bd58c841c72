import { shownApp } from "./shown_app.ts";
import { EXIT_CODES } from "../command_line/exit_codes.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import type { ComposedServer } from "../../compose.ts";
import type { AppCredentials } from "../../ports/feishu.ts";
import type { KeepReport, KeptLogin } from "../../ports/logins.ts";
import { runWork, type WorkCommand, type WorkPlace } from "../work/run_work.ts";
import { loginReport } from "./login_report.ts";
import { shownTime, type ShownTimeOptions } from "./shown_time.ts";
import { shownUser } from "./shown_user.ts";

/** The parts of the report, by their name for programs. */
const KEEP_PARTS = {
  renewed: { en: "renewed", zh: "已刷新" },
  failed: { en: "not renewed", zh: "刷新失败" },
  without_secret: { en: "not renewed, its App Secret is not at hand", zh: "未刷新，缺少该应用的 App Secret" },
  ending: { en: "ends soon, or can be renewed no more", zh: "即将结束，或已无法刷新" },
} as const satisfies Record<string, Phrase>;

/**
 * Does one round of keep-alive for the environment's app and every kept app, and prints what it has done.
 *
 * @returns the exit code: 3 where a login ends within three days or can be renewed no more.
 */
export function runKeep(command: WorkCommand): Promise<number> {
  const { platform, ownFlags } = command;
  const asJson = ownFlags.json === true;
  return runWork(
    command,
    asJson,
    async ({ language, withServer }) => {
      let shownNowMs = 0;
      let places: readonly WorkPlace[] = [];
      const here = await withServer(async (server, { credentials, clock }) => {
        shownNowMs = clock.now();
        places = await otherPlaces(server);
        const apps = await server.allApps();
        // Without any app the reason for that is told.
        return await keep(server, apps.length > 0 || places.length > 0 ? apps : [credentials()]);
      });
      const reports = [here];
      // One after the other: a store is open once in a process.
      for (const place of places) {
        reports.push(await withServer(async (server) => await keep(server, await server.allApps()), place));
      }
      const report = mergedReports(reports);
      const parts = byName(report);
      if (asJson) {
        const json = Object.fromEntries(
          parts.map(([name, kept]) => [name, kept.map((login) => loginReport(login, { language }))]),
        );
        platform.stdout.write(`${JSON.stringify(json)}\n`);
      } else {
        const times = { nowMs: shownNowMs, timeZone: platform.timeZone };
        platform.stdout.write(keepText(parts, language, times));
      }
      return report.ending.length > 0 ? EXIT_CODES.config : 0;
    },
  );
}

function keep({ logins, log }: ComposedServer, apps: readonly AppCredentials[]): Promise<KeepReport> {
  return logins.keep(apps, { owner: "local", log });
}

/** The addresses of Feishu, other than the server's own, that kept apps belong to. */
async function otherPlaces({ apps, at: here }: ComposedServer): Promise<WorkPlace[]> {
  if (apps === null) return [];
  const kept = (await apps.read()).apps;
  const addresses = new Set(kept.flatMap(({ at }) => at === undefined || at === here ? [] : [at]));
  return [...addresses].filter((at) => URL.canParse(at) && /^https?:/.test(at)).map((baseUrl) => ({
    baseUrl,
  }));
}

/** A login lacks a secret where no round has had one. Every round tells of all that ends. */
function mergedReports(reports: readonly KeepReport[]): KeepReport {
  const [first, ...rest] = reports;
  const isIn = ({ appId, user }: KeptLogin, all: readonly KeptLogin[]): boolean =>
    all.some((other) => other.appId === appId && other.user.openId === user.openId);
  return {
    renewed: reports.flatMap(({ renewed }) => renewed),
    failed: reports.flatMap(({ failed }) => failed),
    withoutSecret: (first?.withoutSecret ?? []).filter((login) =>
      rest.every(({ withoutSecret }) => isIn(login, withoutSecret))
    ),
    ending: reports.at(-1)?.ending ?? [],
  };
}

type Parts = readonly (readonly [keyof typeof KEEP_PARTS, readonly KeptLogin[]])[];

function byName({ renewed, failed, withoutSecret, ending }: KeepReport): Parts {
  return [["renewed", renewed], ["failed", failed], ["without_secret", withoutSecret], ["ending", ending]];
}

function keepText(parts: Parts, language: Language, times: ShownTimeOptions): string {
  const lines = parts.flatMap(([name, logins]) =>
    logins.map((login) => lineOf(KEEP_PARTS[name], login, language, times))
  );
  const nothing: Phrase = { en: "Nothing was due", zh: "没有需要刷新的登录" };
  return lines.length === 0 ? `${nothing[language]}\n` : lines.join("");
}

function lineOf(part: Phrase, login: KeptLogin, language: Language, times: ShownTimeOptions): string {
  const { user, appId, brand, problem } = login;
  const until = shownTime(login.refreshTokenExpiresAtMs ?? login.accessTokenExpiresAtMs, times);
  const why = problem?.sentence({ language, brand, door: "cli" });
  const line: Phrase = {
    en: `${shownUser(user).en} of ${shownApp(appId)}: ${part.en}; good until ${until.en}${
      why === undefined ? "" : `. ${why}`
    }`,
    zh: `${shownUser(user).zh}，应用 ${shownApp(appId)}：${part.zh}；有效期至 ${until.zh}${
      why === undefined ? "" : `。${why}`
    }`,
  };
  return `${line[language]}\n`;
}
