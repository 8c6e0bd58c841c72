import { joinPhrases } from "../../errors/join_phrases.ts";
import type { Phrase } from "../../errors/language.ts";
import { setting, settingNames } from "../../settings.ts";
import { tooOldDeno } from "../surroundings/too_old_deno.ts";
import { type Check, fail, ok, warn } from "./check.ts";
import type { DoctorMachine } from "./doctor_machine.ts";

const WHOLE = ["net", "read", "write"] as const;
/** Variables besides the settings that change where or how the program works. */
const PLATFORM_VARIABLES = [
  "HOME",
  "LOCALAPPDATA",
  "USERPROFILE",
  "XDG_DATA_HOME",
  "ALL_PROXY",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NO_PROXY",
  "DENO_CERT",
  "DENO_TLS_CA_STORE",
  "NODE_EXTRA_CA_CERTS",
] as const;
const HOW: Phrase = {
  en:
    "Start the program by its task, with -P=serve, or as the binary: they grant what is needed and no more.",
  zh: "请用对应的 deno task、加 -P=serve，或用可执行文件启动：它们恰好授予所需的权限。",
};

/** Whether this Deno can run the program, and has the permissions. */
export async function checkRuntime(machine: DoctorMachine): Promise<Check[]> {
  return [checkDeno(machine), await checkPermissions(machine)];
}

function checkDeno({ denoVersion, hasKv }: DoctorMachine): Check {
  const tooOld = tooOldDeno(denoVersion);
  const version: Phrase = { en: `version ${denoVersion}`, zh: `版本 ${denoVersion}` };
  if (tooOld !== undefined) return fail("deno", version, tooOld.nextStep);
  if (hasKv) return ok("deno", version);
  return fail("deno", {
    en: `${version.en}, and Deno KV is switched off`,
    zh: `${version.zh}，且未启用 Deno KV`,
  }, {
    en: "Run main.ts in its own folder, next to its deno.json, or add --unstable-kv.",
    zh: "请在 main.ts 与其 deno.json 同目录的原位置运行，或加 --unstable-kv。",
  });
}

async function checkPermissions({ isAllowed }: DoctorMachine): Promise<Check> {
  const names = [...settingNames().flatMap((name) => setting(name).variable ?? []), ...PLATFORM_VARIABLES];
  const refused = [
    ...await refusedOf(WHOLE, (name) => isAllowed({ name })),
    ...await refusedOf(names, (variable) => isAllowed({ name: "env", variable })),
  ];
  if (refused.length === 0) {
    return ok("permissions", {
      en: "net, read, write, and every variable that the program reads",
      zh: "网络、读、写，以及所有相关环境变量",
    });
  }
  const isVariable = (name: string): boolean => /^[A-Z]/.test(name);
  const flags = refused.filter((name) => !isVariable(name)).map((name): Phrase => ({
    en: `--allow-${name} is not granted in full`,
    zh: `没有完整授予 --allow-${name}`,
  }));
  const variables = refused.filter(isVariable);
  const unread: Phrase[] = variables.length === 0 ? [] : [{
    en: `not readable, and therefore treated as not set: ${variables.join(", ")}`,
    zh: `无法读取因而视为未设置：${variables.join("、")}`,
  }];
  return warn("permissions", joinPhrases([...flags, ...unread]), HOW);
}

async function refusedOf<T extends string>(
  names: readonly T[],
  isAllowed: (name: T) => Promise<boolean>,
): Promise<T[]> {
  const answers = await Promise.all(names.map(isAllowed));
  return names.filter((_, index) => answers[index] !== true);
}
