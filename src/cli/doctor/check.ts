import { defined } from "../../defined.ts";
import type { Phrase } from "../../errors/language.ts";
import type { StartError } from "../../errors/start_error.ts";
import { verbatim } from "../../errors/verbatim.ts";

/** Every check by its stable name, which scripts know it by, and as people read it. */
export const CHECK_LABELS = {
  configuration: { en: "configuration", zh: "配置" },
  deno: verbatim("deno"),
  permissions: { en: "permissions", zh: "权限" },
  sandbox: { en: "sandbox", zh: "沙箱" },
  store: { en: "store", zh: "令牌存储" },
  "store journal": { en: "store journal", zh: "恢复日志" },
  "store files": { en: "store files", zh: "存储文件" },
  "store folder": { en: "store folder", zh: "存储位置" },
  "store key": { en: "store key", zh: "存储密钥" },
  proxy: { en: "proxy", zh: "代理" },
  certificates: { en: "certificates", zh: "证书" },
  feishu: { en: "feishu", zh: "飞书" },
  clock: { en: "clock", zh: "时钟" },
  "app credentials": { en: "app credentials", zh: "应用凭证" },
  "refresh token": verbatim("refresh token"),
} as const satisfies Record<string, Phrase>;

/** A stable name of {@linkcode CHECK_LABELS}. */
export type CheckName = keyof typeof CHECK_LABELS;

/** One thing that was looked at. */
export interface Check {
  /** Stable, for scripts. */
  readonly name: CheckName;
  /** `skip`: it could not be looked at, since something before it fails. */
  readonly status: "ok" | "warn" | "fail" | "skip";
  /** What was found, in one line without final period. Never a secret. */
  readonly found: Phrase;
  /** What to do, in one sentence. */
  readonly nextStep?: Phrase;
}

/** The check `name` found nothing wrong. */
export function ok(name: CheckName, found: Phrase): Check {
  return { name, status: "ok", found };
}

/** The check `name` found what may matter. */
export function warn(name: CheckName, found: Phrase, nextStep: Phrase): Check {
  return { name, status: "warn", found, nextStep };
}

/** The check `name` found what has to be mended. */
export function fail(name: CheckName, found: Phrase, nextStep?: Phrase): Check {
  return { name, status: "fail", found, ...defined({ nextStep }) };
}

/** The check `name` was not made. */
export function skip(name: CheckName, why: Phrase): Check {
  return { name, status: "skip", found: { en: `not checked: ${why.en}`, zh: `未检查：${why.zh}` } };
}

/** The check `name` found what would keep the program from starting. */
export function failWith(name: CheckName, { problem, nextStep }: StartError): Check {
  return fail(name, problem, nextStep);
}
