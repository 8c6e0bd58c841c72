import type { Mask } from "../../log/mask.ts";
import { VERSION } from "../../version.ts";
import type { Check } from "./check.ts";

const LABELS: Readonly<Record<Check["status"], string>> = {
  ok: "ok  ",
  warn: "warn",
  fail: "FAIL",
  skip: "skip",
};

/** Prints checks: each at once in one line, or all of them at the end as one JSON object. */
export class DoctorReport {
  readonly #checks: Check[] = [];
  readonly #asJson: boolean;
  readonly #mask: Mask;
  readonly #write: (text: string) => void;

  /** `mask` takes out whatever secret found its way into a line after all. */
  constructor(
    options: { readonly asJson: boolean; readonly mask: Mask; readonly write: (text: string) => void },
  ) {
    this.#asJson = options.asJson;
    this.#mask = options.mask;
    this.#write = options.write;
  }

  /** Takes what was found. */
  add(...checks: readonly Check[]): void {
    this.#checks.push(...checks);
    if (this.#asJson) return;
    for (const { status, name, found, next_step } of checks) {
      const advice = next_step === undefined ? "" : `. ${next_step}`;
      this.#print(`${LABELS[status]}  ${name}: ${found}${advice}`);
    }
  }

  /**
   * Prints the end.
   *
   * @returns the exit code: 0 if nothing fails, else 1.
   */
  end(): number {
    const failed = this.#count("fail");
    if (this.#asJson) {
      this.#print(JSON.stringify({ ok: failed === 0, version: VERSION, checks: this.#checks }));
    } else {
      this.#print(`\n${this.#count("ok")} ok, ${this.#count("warn")} to look at, ${failed} failed`);
    }
    return failed === 0 ? 0 : 1;
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
