import type { Phrase } from "../../errors/language.ts";
import type { Secret } from "../../secret.ts";

/** The value of the first variable, and below it a line that sets another one. */
const SEVERAL_LINES = /^(?![A-Za-z_]\w*=)[^\n]*\n[^]*^FEISHU_REFRESH_TOKEN=/m;

/**
 * Explains input that a shell has made of `--format env` by `export "$(…)"`.
 *
 * @param text standard input, without the blanks around it.
 * @returns `undefined` for any other input.
 */
export function stdinFault(text: Secret): Phrase | undefined {
  if (!SEVERAL_LINES.test(text.reveal())) return undefined;
  return {
    en:
      'Standard input holds several lines of --format env: `export "$(…)"` has put all of them into the first ' +
      'variable. Use `set -a; eval "$(…)"; set +a`, and pipe in FEISHU_REFRESH_TOKEN alone',
    zh: '标准输入中有 --format env 的多行内容：`export "$(…)"` 把它们都放进了第一个变量。请改用 ' +
      '`set -a; eval "$(…)"; set +a`，并只传入 FEISHU_REFRESH_TOKEN',
  };
}
