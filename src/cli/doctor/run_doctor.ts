import { defined } from "../../defined.ts";
import { availableApp } from "../../credentials/available_app.ts";
import type { Platform } from "../../platform.ts";
import { type Config, type ConfigSources, readConfig, readLanguage } from "../../config.ts";
import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { createFeishuClient } from "../../feishu/feishu_client.ts";
import { createHosts } from "../../feishu/hosts.ts";
import { Mask } from "../../log/mask.ts";
import { keepConfiguredSecrets } from "../../keep_configured_secrets.ts";
import { VERSION } from "../../version.ts";
import { placeFlags } from "../command_line/given_flags.ts";
import { type FeishuTarget, openFeishuTarget } from "../target/feishu_target.ts";
import { type Check, type CheckName, fail, failWith, skip } from "./check.ts";
import { checkConfiguration } from "./check_configuration.ts";
import { checkCredentials } from "./check_credentials.ts";
import { type DoctorMachine, realMachine } from "./doctor_machine.ts";
import { checkWay } from "./check_way.ts";
import { checkReach } from "./check_reach.ts";
import { checkRefreshToken } from "./check_refresh_token.ts";
import { DoctorReport } from "./doctor_report.ts";
import { checkRuntime } from "./check_runtime.ts";
import { type CheckedStoreOptions, checkStore } from "./check_store.ts";
import { nextCommand } from "./next_command.ts";
import { readTokenFromStdin } from "../token/read_token_from_stdin.ts";

/** Options of {@linkcode runDoctor}. */
export interface DoctorCommand {
  /** The machine, as all commands see it. */
  readonly platform: Platform;
  /** Of the settings. */
  readonly sources: ConfigSources;
  /** Of the env files. */
  readonly problems: readonly Phrase[];
  /** `json` and `refresh-token-stdin`, as given. */
  readonly ownFlags: Readonly<Record<string, string | true>>;
  /** By default the real one. */
  readonly machine?: DoctorMachine;
}

/** Checks that need a valid configuration. */
const CONFIGURED: readonly CheckName[] = ["store", "proxy", "feishu", "clock", "app credentials"];

/**
 * Checks everything between a user and a token, from the bottom up, and prints for each check one line: what was
 * found and what to do. A check that fails does not stop those that do not depend on it.
 *
 * @returns exit code 0 where no check failed, else 1.
 */
export async function runDoctor(command: DoctorCommand): Promise<number> {
  const { platform, sources, problems, ownFlags } = command;
  const machine = command.machine ?? realMachine(platform);
  const reading = readConfig(sources);
  const mask = new Mask();
  const report = new DoctorReport({
    asJson: ownFlags.json === true,
    language: readLanguage(sources),
    place: placeFlags(sources.flags),
    mask,
    write: (text) => platform.stdout.write(text),
  });
  report.add(...checkConfiguration(sources, problems, reading));
  report.add(...await guarded("deno", () => checkRuntime(machine)));
  if (reading.ok && problems.length === 0) {
    keepConfiguredSecrets(mask, reading.config);
    await checkConfigured({ platform, sources, config: reading.config, machine, report });
  } else {
    // Not even Feishu is asked: the setting that cannot be read may be the base URL, which decides who gets the app
    // secret.
    report.add(...skipConfigured({ en: "the configuration cannot be read", zh: "配置无法读取" }));
  }
  if (ownFlags["refresh-token-stdin"] === true) report.add(await checkStdin(platform, mask));
  return report.end((hasFailed) => nextCommand(sources.flags, hasFailed));
}

interface Configured {
  readonly platform: Platform;
  readonly sources: ConfigSources;
  readonly config: Config;
  readonly machine: DoctorMachine;
  readonly report: DoctorReport;
}

async function checkConfigured({ platform, sources, config, machine, report }: Configured): Promise<void> {
  const { env, fetch } = platform;
  let target: FeishuTarget;
  try {
    target = await openFeishuTarget(platform, config);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    report.add(failWith("sandbox", error));
    return report.add(...skipConfigured({ en: "there is no sandbox", zh: "没有沙箱" }));
  }
  try {
    const { clock } = target;
    let { baseUrl, credentials } = target;
    const quiet: Config = { ...config, logLevel: "error" };
    const onOpened: CheckedStoreOptions["onOpened"] = (server) => {
      credentials = server.credentials;
      baseUrl ??= server.at;
    };
    const store = { platform, sources, config: quiet, ...target, onOpened };
    report.add(...await guarded("store", () => checkStore(store, machine)));
    const hosts = createHosts(defined({ baseUrl }));
    // The brand decides which host is asked, also without credentials.
    const brand = availableApp(credentials)?.brand ?? config.brand;
    const url = hosts.address(brand, "open", "/");
    const way = await guarded("proxy", () => checkWay({ url, env, machine }));
    report.add(...way);
    const isSandbox = config.sandbox.kind !== "none";
    const isWayOpen = !way.some(({ name, status }) => name === "proxy" && status === "fail");
    const { checks, isFeishu } = await checkReach({ platform, hosts, brand, isSandbox, isWayOpen });
    report.add(...checks);
    const feishu = createFeishuClient({ fetch, clock, hosts, version: VERSION });
    const isElsewhere = baseUrl !== undefined;
    report.add(
      ...await guarded("app credentials", async () => [
        await checkCredentials({ credentials, feishu, isReached: isFeishu, isElsewhere }),
      ]),
    );
  } finally {
    await target.close();
  }
}

function skipConfigured(why: Phrase): Check[] {
  return CONFIGURED.map((name) => skip(name, why));
}

/** Turns an unexpected error of a check into a failed check. Its text may quote a secret and is not shown. */
async function guarded(name: CheckName, check: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  try {
    return await check();
  } catch (error) {
    const thrown = error instanceof Error ? error.name : typeof error;
    return [fail(name, { en: `the check itself failed: ${thrown}`, zh: `检查本身出错：${thrown}` }, {
      en: "Report the problem, with this line.",
      zh: "请反馈此问题，并附上这一行。",
    })];
  }
}

async function checkStdin({ stdin, clock }: Platform, mask: Mask): Promise<Check> {
  try {
    const token = await readTokenFromStdin(stdin);
    mask.keep(token);
    return checkRefreshToken(token, clock.now());
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return failWith("refresh token", error);
  }
}
