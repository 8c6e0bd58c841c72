import type { Mask } from "../../log/mask.ts";
import { VERSION } from "../../version.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import { type Check, CHECK_LABELS } from "./check.ts";
import { inShownCommands } from "../command_line/shown_command.ts";
import type { NextCommand } from "./next_command.ts";

/** The same in every language, so that users can search for a line. */
const STATUS_LABELS: Readonly<Record<Check["status"], string>> = {
  ok: "ok  ",
  warn: "warn",
  fail: "FAIL",
  skip: "skip",
};

/** Prints each check as one line when it is added, or all of them at the end as one JSON object. */
export class DoctorReport {
  readonly #checks: Check[] = [];
  readonly #asJson: boolean;
  readonly #language: Language;
  readonly #place: readonly string[];
  readonly #mask: Mask;
  readonly #write: (text: string) => void;

  /** Prints nothing yet. */
  constructor(options: DoctorReportOptions) {
    this.#asJson = options.asJson;
    this.#language = options.language;
    this.#place = options.place;
    this.#mask = options.mask;
    this.#write = options.write;
  }

  /** Adds checks, and prints their lines. */
  add(...checks: readonly Check[]): void {
    this.#checks.push(...checks);
    if (this.#asJson) return;
    for (const check of checks) this.#print(`${STATUS_LABELS[check.status]}  ${this.#lineOf(check)}`);
  }

  /**
   * Prints the summary, with the command to run next.
   *
   * @returns exit code 0 where no check failed, else 1.
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
        en: `${well} ok, ${doubtful} with warnings, ${failed} failed`,
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
    return this.#shown({
      en: `${label.en}: ${found.en}${nextStep === undefined ? "" : `. ${nextStep.en}`}`,
      zh: `${label.zh}：${found.zh}${nextStep === undefined ? "" : `。${nextStep.zh}`}`,
    });
  }

  /** The check for scripts: name and status are the same in every language. */
  #reportOf({ name, status, found, nextStep }: Check): object {
    return {
      name,
      status,
      found: this.#shown(found),
      ...(nextStep === undefined ? {} : { next_step: this.#shown(nextStep) }),
    };
  }

  #shown(text: Phrase): string {
    return inShownCommands(text[this.#language], this.#place);
  }

  #count(status: Check["status"]): number {
    return this.#checks.filter((check) => check.status === status).length;
  }

  /** Prints one line, also where an operating system or a server put line breaks into the text. */
  #print(line: string): void {
    // deno-lint-ignore no-control-regex
    this.#write(`${this.#mask.apply(line).replace(/(?!^)[\x00-\x1f\x7f]+/g, " ")}\n`);
  }
}

/** Options of {@linkcode DoctorReport}. */
export interface DoctorReportOptions {
  /** Whether to print one JSON object at the end instead of lines. */
  readonly asJson: boolean;
  /** Of findings and next steps. */
  readonly language: Language;
  /** The flags that were given for store and app. */
  readonly place: readonly string[];
  /** Masks secrets that got into a line after all. */
  readonly mask: Mask;
  /** Writes to standard output. */
  readonly write: (text: string) => void;
}
