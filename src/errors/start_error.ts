import type { Language, Phrase } from "./language.ts";
import { sentence } from "./sentence.ts";

/** What {@linkcode StartError} may be told beside what is wrong. */
export interface StartErrorOptions extends ErrorOptions {
  /** What to do about it, as it goes on after a colon: no capital letter, no period. */
  readonly nextStep?: Phrase;
}

/**
 * The program cannot start. Its text is one line for whoever started it: what is wrong and what to do, without a stack
 * trace and never with a secret. `message` is English.
 */
export class StartError extends Error {
  /** What is wrong, without period. */
  readonly problem: Phrase;
  readonly #nextStep: Phrase | undefined;

  /** Makes the error. `cause` is for the debug log alone. */
  constructor(problem: Phrase, { nextStep, ...options }: StartErrorOptions = {}) {
    super(lineIn("en", problem, nextStep), options);
    this.name = "StartError";
    this.problem = problem;
    this.#nextStep = nextStep;
  }

  /** What to do about it, as a sentence; `undefined` where only what is wrong can be told. */
  get nextStep(): Phrase | undefined {
    return this.#nextStep === undefined ? undefined : sentence(this.#nextStep);
  }

  /** The whole line. */
  get line(): Phrase {
    return { en: this.textIn("en"), zh: this.textIn("zh") };
  }

  /** The line in `language`. */
  textIn(language: Language): string {
    return lineIn(language, this.problem, this.#nextStep);
  }
}

/** A problem that has a colon already does not get a second one. */
function lineIn(language: Language, problem: Phrase, nextStep: Phrase | undefined): string {
  const text = problem[language];
  if (nextStep === undefined) return text;
  if (language === "zh") return `${text}${text.includes("：") ? "；" : "："}${nextStep.zh}`;
  return `${text}${text.includes(": ") ? "; " : ": "}${nextStep.en}`;
}
