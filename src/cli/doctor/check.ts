import { defined } from "../../defined.ts";
import type { Phrase } from "../../errors/language.ts";
import type { StartError } from "../../errors/start_error.ts";
import { verbatim } from "../../errors/verbatim.ts";

/** Every check: its stable name, for scripts, and its label, for people. */
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
  "kept logins": { en: "kept logins", zh: "已保存的登录" },
  proxy: { en: "proxy", zh: "代理" },
  certificates: { en: "certificates", zh: "证书" },
  feishu: { en: "feishu", zh: "飞书" },
  clock: { en: "clock", zh: "时钟" },
  "app credentials": { en: "app credentials", zh: "应用凭证" },
  "refresh token": verbatim("refresh token"),
} as const satisfies Record<string, Phrase>;

/** A stable name of {@linkcode CHECK_LABELS}. */
export type CheckName = keyof typeof CHECK_LABELS;

/** Result of one check. */
export interface Check {
  /** The same in every language. */
  readonly name: CheckName;
  /** `skip`: the check was not possible, since an earlier one failed. */
  readonly status: "ok" | "warn" | "fail" | "skip";
  /** One line without a final period. Never a secret. */
  readonly found: Phrase;
  /** One sentence or more. */
  readonly nextStep?: Phrase;
}

/** Nothing is wrong. */
export function ok(name: CheckName, found: Phrase): Check {
  return { name, status: "ok", found };
}

/** Something may be wrong. */
export function warn(name: CheckName, found: Phrase, nextStep: Phrase): Check {
  return { name, status: "warn", found, nextStep };
}

/** Something has to be fixed. */
export function fail(name: CheckName, found: Phrase, nextStep?: Phrase): Check {
  return { name, status: "fail", found, ...defined({ nextStep }) };
}

/** The check was not made, since `why`. */
export function skip(name: CheckName, why: Phrase): Check {
  return { name, status: "skip", found: { en: `not checked: ${why.en}`, zh: `未检查：${why.zh}` } };
}

/** The program would not start, for the reason that the error gives. */
export function failWith(name: CheckName, { problem, nextStep }: StartError): Check {
  return fail(name, problem, nextStep);
}
