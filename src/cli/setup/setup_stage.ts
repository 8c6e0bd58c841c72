import type { Config } from "../../config.ts";
import type { ComposedServer } from "../../compose.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import type { Platform } from "../../platform.ts";
import type { AppKeeper } from "../../ports/app_keeper.ts";
import type { AppRegistrar } from "../../ports/app_registrar.ts";
import type { Questions } from "../prompt/questions.ts";
import type { FeishuTarget } from "../target/feishu_target.ts";
import type { WorkStage } from "../work/run_work.ts";
import type { SetupFlags } from "./setup_flags.ts";
import type { SimulatedPerson } from "./simulated_person.ts";

/** What the steps work with. */
export interface SetupStage {
  /** The machine. */
  readonly platform: Platform;
  /** Of what people read. */
  readonly language: Language;
  /** The settings. */
  readonly config: Config;
  /** What the command line says. */
  readonly flags: SetupFlags;
  /** The person at the terminal. */
  readonly questions: Questions;
  /** The end by a signal. */
  readonly stop: WorkStage["stop"];
  /** Tokens and logins. */
  readonly server: ComposedServer;
  /** The Feishu. */
  readonly target: FeishuTarget;
  /** The kept apps. */
  readonly apps: AppKeeper;
  /** Registration by scan. */
  readonly registrar: AppRegistrar;
  /** Agrees by itself on a simulated Feishu. */
  readonly person: SimulatedPerson | undefined;
}

/** Tells the person where the setup stands: on standard error, since it is no data. */
export function tellStep(
  { platform, language }: Pick<SetupStage, "platform" | "language">,
  line: Phrase,
): void {
  platform.stderr.write(`${line[language]}\n`);
}

/** Whether a question can be asked: there is a person, and they have not said yes to everything. */
export function asks({ flags, questions }: Pick<SetupStage, "flags" | "questions">): boolean {
  return !flags.isYes && questions.canAsk;
}
