import type { Mask } from "../../log/mask.ts";
import { VERSION } from "../../version.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import { type Check, CHECK_LABELS } from "./check.ts";
import type { NextCommand } from "./next_command.ts";

/** The same in every language, so that a line can be searched for. */
const STATUS_LABELS: Readonly<Record<Check["status"], string>> = {
  ok: "ok  ",
  warn: "warn",
  fail: "FAIL",
  skip: "skip",
};

/** How a {@linkcode DoctorReport} prints. */
export interface DoctorReportOptions {
  /** One object at the end instead of lines. */
  readonly asJson: boolean;
  /** Of what people read. */
  readonly language: Language;
  /** Takes out whatever secret found its way into a line after all. */
  readonly mask: Mask;
  /** Takes text for standard output. */
  readonly write: (text: string) => void;
}

/** Prints checks: each at once in one line, or all of them at the end as one JSON object. */
export class DoctorReport {
  readonly #checks: Check[] = [];
  readonly #asJson: boolean;
  readonly #language: Language;
  readonly #mask: Mask;
  readonly #write: (text: string) => void;

  /** Prints as the options say. */
  constructor(options: DoctorReportOptions) {
    this.#asJson = options.asJson;
    this.#language = options.language;
    this.#mask = options.mask;
    this.#write = options.write;
  }

  /** Takes what was found. */
  add(...checks: readonly Check[]): void {
    this.#checks.push(...checks);
    if (this.#asJson) return;
    for (const check of checks) this.#print(`${STATUS_LABELS[check.status]}  ${this.#lineOf(check)}`);
  }

  /**
   * Prints the end, with the command that comes next.
   *
   * @returns the exit code: 0 if nothing fails, else 1.
   */
  end(next: (failed: boolean) => NextCommand): number {
    const failed = this.#count("fail");
    const { why, command } = next(failed > 0);
    if (this.#asJson) {
      const checks = this.#checks.map((check) => this.#reportOf(check));
      this.#print(JSON.stringify({ ok: failed === 0, version: VERSION, checks, next_command: command }));
    } else {
      const [well, doubtful] = [this.#count("ok"), this.#count("warn")];
      const summary: Phrase = {
        en: `${well} ok, ${doubtful} to look at, ${failed} failed`,
        zh: `${well} 项正常，${doubtful} 项需留意，${failed} 项失败`,
      };
      this.#print(`\n${summary[this.#language]}`);
      this.#print(`\n${why[this.#language]}`);
      this.#write(`  ${this.#mask.apply(command)}\n`);
    }
    return failed === 0 ? 0 : 1;
  }

  #lineOf({ name, found, nextStep }: Check): string {
    const label = CHECK_LABELS[name];
    return {
      en: `${label.en}: ${found.en}${nextStep === undefined ? "" : `. ${nextStep.en}`}`,
      zh: `${label.zh}：${found.zh}${nextStep === undefined ? "" : `。${nextStep.zh}`}`,
    }[this.#language];
  }

  /** What scripts read: names and states are the same in every language. */
  #reportOf({ name, status, found, nextStep }: Check): object {
    return {
      name,
      status,
      found: found[this.#language],
      ...(nextStep === undefined ? {} : { next_step: nextStep[this.#language] }),
    };
  }

  #count(status: Check["status"]): number {
    return this.#checks.filter((check) => check.status === status).length;
  }

  /** One check is one line, whatever an operating system or a server put into its text. */
  #print(line: string): void {
    // deno-lint-ignore no-control-regex
    this.#write(`${this.#mask.apply(line).replace(/(?!^)[\x00-\x1f\x7f]+/g, " ")}\n`);
  }
}
