import { defined } from "../../defined.ts";
import type { Brand } from "../../brand.ts";
import type { Phrase } from "../../errors/language.ts";
import { TokenError } from "../../errors/token_error.ts";
import { verbatim } from "../../errors/verbatim.ts";
import type { KeptApp } from "../../ports/app_keeper.ts";
import type { AppRegistrar, RegistrationProgress, WaitingRegistration } from "../../ports/app_registrar.ts";
import type { Clock } from "../../ports/clock.ts";
import { CountDown } from "../login/count_down.ts";
import { showLink } from "../login/show_link.ts";
import { shownTime } from "../logins/shown_time.ts";
import type { Stop } from "../work/stop.ts";
import type { AppStage } from "./app_stage.ts";

const WAITS_FOR_APPROVAL: Phrase = {
  en: "the app is made once an administrator of the company has agreed; this goes on waiting",
  zh: "需要企业管理员审批后才会创建应用；继续等待中",
};
const NOTHING_LOST: Phrase = {
  en: "nothing is lost: the same command takes the registration up again, as long as the link works",
  zh: "不会丢失任何内容：链接有效期内，再次运行同一命令即可继续",
};

/** What {@linkcode registerApp} needs. */
export interface RegistrationStage extends Pick<AppStage, "platform" | "language" | "apps"> {
  /** The registrations. */
  readonly registrar: AppRegistrar;
  /** By which the link expires. */
  readonly clock: Clock;
  /** Ends the wait. */
  readonly stop: Stop;
  /** Told of the link once it is shown. */
  readonly onShown?: (waiting: WaitingRegistration) => void;
}

/** What the new app is to be. */
export interface WantedRegistration {
  /** Its name. */
  readonly name: string;
  /** Whose page the person opens. */
  readonly brand: Brand;
  /** Of user tokens. */
  readonly scopes: readonly string[];
}

/**
 * Registers an app by scan: shows the link, waits for the person, and keeps the app before it tells of it. The secret is
 * never shown.
 *
 * @throws TokenError why there is no app; the reason of the stop's signal.
 */
export async function registerApp(wanted: WantedRegistration, stage: RegistrationStage): Promise<KeptApp> {
  const { platform, language, registrar, clock, stop, apps } = stage;
  const { name } = wanted;
  const isTaken = (await apps.read()).apps.some((app) => app.name === name);
  if (isTaken) throw new TokenError("app_name_taken", { detail: verbatim(name) });
  const waiting = await registrar.start(wanted);
  const times = { nowMs: clock.now(), timeZone: platform.timeZone };
  const lines = linkLines(waiting, shownTime(waiting.expiresAtMs, times));
  await showLink({ verificationUrl: waiting.pageUrl }, lines, platform, language);
  stage.onShown?.(waiting);
  const countDown = new CountDown({ platform, clock, language });
  const say = (line: Phrase): void => {
    countDown.clear();
    platform.stderr.write(`feishu-token-mcp: ${line[language]}\n`);
  };
  const toldAgain = stop.toldBy(() => say(NOTHING_LOST));
  try {
    const told = new Set<string>();
    for (;;) {
      const progress = await registrar.poll(name);
      if (progress.kind === "done") {
        countDown.clear();
        await registrar.prove(progress.app, stop.signal);
        return progress.app;
      }
      tellOnce(progress, told, say, wanted.brand, language);
      await countDown.wait(progress.retryAfterMs, waiting.expiresAtMs, stop.signal);
    }
  } finally {
    countDown.clear();
    toldAgain();
  }
}

function tellOnce(
  { problem, isAwaitingApproval }: Extract<RegistrationProgress, { readonly kind: "pending" }>,
  told: Set<string>,
  say: (line: Phrase) => void,
  brand: Brand,
  language: AppStage["language"],
): void {
  const key = problem?.code ?? (isAwaitingApproval ? "approval" : undefined);
  if (key === undefined || told.has(key)) return;
  told.add(key);
  say(
    problem === undefined
      ? WAITS_FOR_APPROVAL
      : verbatim(problem.sentence({ language, door: "cli", ...defined({ brand }) })),
  );
}

function linkLines({ pageUrl, userCode }: WaitingRegistration, until: Phrase): Phrase[] {
  return [
    {
      en: `Open this link and make the app there, until ${until.en}:`,
      zh: `请打开以下链接并创建应用，有效期至 ${until.zh}：`,
    },
    verbatim(pageUrl),
    { en: `The page shows this code: ${userCode}`, zh: `页面会显示此验证码：${userCode}` },
  ];
}
