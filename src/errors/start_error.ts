import type { Language, Phrase } from "./language.ts";
import { sentence } from "./sentence.ts";

/**
 * The program cannot start. Its text is one line for the operator: what is wrong and what to do, without a secret. The
 * stack is not shown. `message` is English.
 */
export class StartError extends Error {
  /** What is wrong: one clause without a period. */
  readonly problem: Phrase;
  readonly #nextStep: Phrase | undefined;

  /** Makes the error. `cause` is shown only in the debug log. */
  constructor(problem: Phrase, { nextStep, ...options }: StartErrorOptions = {}) {
    super(lineIn("en", problem, nextStep), options);
    this.name = "StartError";
    this.problem = problem;
    this.#nextStep = nextStep;
  }

  /** What to do, as a sentence; `undefined` where the error names no remedy. */
  get nextStep(): Phrase | undefined {
    return this.#nextStep === undefined ? undefined : sentence(this.#nextStep);
  }

  /** The whole line in each language. */
  get line(): Phrase {
    return { en: this.textIn("en"), zh: this.textIn("zh") };
  }

  /** The line in `language`. */
  textIn(language: Language): string {
    return lineIn(language, this.problem, this.#nextStep);
  }
}

/** Options of {@linkcode StartError}. */
export interface StartErrorOptions extends ErrorOptions {
  /** One clause for after a colon: no capital letter, no period. */
  readonly nextStep?: Phrase;
}

/** Joins the two by a colon, or by a semicolon where the problem already has a colon. */
function lineIn(language: Language, problem: Phrase, nextStep: Phrase | undefined): string {
  const text = problem[language];
  if (nextStep === undefined) return text;
  if (language === "zh") return `${text}${text.includes("：") ? "；" : "："}${nextStep.zh}`;
  return `${text}${text.includes(": ") ? "; " : ": "}${nextStep.en}`;
}
