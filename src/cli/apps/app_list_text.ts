import { defined } from "../../defined.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";
import { toUnixSeconds } from "../../mcp/contract/token_times.ts";
import type { AppList } from "../../ports/app_keeper.ts";
import { wallTime } from "../logins/shown_time.ts";
import { statusText } from "../logins/status_text.ts";

const YES: Phrase = { en: "yes", zh: "是" };

/** How the list is shown. */
export interface AppListOptions {
  /** Of the labels. */
  readonly language: Language;
  /** Of the times. */
  readonly timeZone: string;
  /** Of the terminal; absent for none. */
  readonly columns: number | undefined;
}

/** The kept apps as a table. No secret is in it. */
export function appListText({ apps, defaultName }: AppList, options: AppListOptions): string {
  const { language, timeZone, columns } = options;
  const rows = apps.map(({ name, brand, appId, at, addedAtMs }) => [
    { label: { en: "NAME", zh: "名称" }, value: verbatim(name) },
    { label: verbatim("APP ID"), value: verbatim(appId) },
    { label: { en: "FEISHU", zh: "平台" }, value: verbatim(at ?? brand) },
    { label: { en: "ADDED", zh: "保存时间" }, value: verbatim(wallTime(addedAtMs, timeZone)) },
    { label: { en: "DEFAULT", zh: "默认" }, value: name === defaultName ? YES : verbatim("") },
  ]);
  return statusText(rows, language, columns);
}

/** The kept apps for programs. Times are Unix seconds. */
export function appListReport({ apps, defaultName }: AppList): Readonly<Record<string, unknown>> {
  return {
    apps: apps.map(({ name, brand, appId, at, addedAtMs }) => ({
      name,
      brand,
      app_id: appId,
      ...defined({ base_url: at }),
      added_at: toUnixSeconds(addedAtMs),
      is_default: name === defaultName,
    })),
  };
}
