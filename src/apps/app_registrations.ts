import { defined } from "../defined.ts";
import { shownAppId } from "../credentials/shown_app_id.ts";
import { TokenError } from "../errors/token_error.ts";
import { verbatim } from "../errors/verbatim.ts";
import type { AppKeeper, KeptApp } from "../ports/app_keeper.ts";
import type { AppRegistrar, RegistrationProgress, WaitingRegistration } from "../ports/app_registrar.ts";
import type { Clock } from "../ports/clock.ts";
import type { FeishuPort } from "../ports/feishu.ts";
import type { Log } from "../ports/log.ts";
import type { RegisteredApp, RegistrationPort } from "../ports/registration_port.ts";
import type { SealedValues } from "../ports/sealed_values.ts";
import { errorOf } from "../tokens/renewal/failure_marks.ts";
import { credentialsOf } from "./app_source.ts";
import type { RegistrationRecord } from "./registration_values.ts";

const REGISTRATION_TIMEOUT_MS = 30_000;
const RECORD_DEADLINE_MS = 5_000;
/** The outcome of one that has ended may still be asked for, in milliseconds. */
const KEPT_AFTER_MS = 24 * 60 * 60 * 1_000;
/** How often an app is kept anew where the store does not take it, and the pause before each, in milliseconds. */
const KEEP_ROUNDS = 60;
const KEEP_PAUSE_MS = 2_000;
/** An app that was just made needs a moment. */
const PROOF_ROUNDS = 10;
const PROOF_PAUSE_MS = 1_500;
/** How often the app of another process is looked for, and the pause after each, in milliseconds. */
const OTHER_ROUNDS = 3;
const OTHER_PAUSE_MS = 1_000;
/** Other names that are tried for an app whose name was taken while it was made. */
const OTHER_NAMES = 20;

/** Registers apps by scan, and keeps them. */
export class AppRegistrations implements AppRegistrar {
  readonly #options: AppRegistrationsOptions;

  /** Reads nothing yet. */
  constructor(options: AppRegistrationsOptions) {
    this.#options = options;
  }

  /** The registration of this name that waits for a person. */
  async waiting(name: string): Promise<WaitingRegistration | null> {
    const { values, clock, at } = this.#options;
    const { value } = await values.get(name);
    return value === null || value.at !== at || value.expiresAtMs <= clock.now() ? null : value;
  }

  /** Starts one, or returns the one of this name that waits. The record is stored before the link is told. */
  async start(
    { name, brand, scopes }: Parameters<AppRegistrar["start"]>[0],
  ): Promise<WaitingRegistration> {
    const { registration, at } = this.#options;
    const known = await this.waiting(name);
    if (known !== null && known.brand === brand) return known;
    const answer = await registration.startRegistration({
      ...{ brand, name, scopes },
      timeoutMs: REGISTRATION_TIMEOUT_MS,
    });
    if (answer.kind !== "started") throw errorOf(answer);
    const record: RegistrationRecord = {
      ...answer.registration,
      ...{ name, brand, polledAt: "feishu" },
      ...defined({ at }),
    };
    await this.#store(record);
    return record;
  }

  /** Asks once how it stands. */
  async poll(name: string): Promise<RegistrationProgress> {
    const { registration, values } = this.#options;
    const { value: record } = await values.get(name);
    if (record === null) return await this.#keptByOther(name, new TokenError("registration_expired"));
    const { polledAt, deviceCode, intervalMs } = record;
    const answer = await registration.pollRegistration({
      brand: polledAt,
      ...{ deviceCode, intervalMs },
      timeoutMs: REGISTRATION_TIMEOUT_MS,
    });
    switch (answer.kind) {
      case "registered":
        return { kind: "done", app: await this.#keep(answer.app, record) };
      case "moved":
        await this.#store({ ...record, polledAt: "lark" });
        return { kind: "pending", retryAfterMs: 0, isAwaitingApproval: false };
      case "pending": {
        const { isAwaitingApproval } = answer;
        if (answer.intervalMs !== intervalMs) await this.#store({ ...record, intervalMs: answer.intervalMs });
        return { kind: "pending", retryAfterMs: answer.intervalMs, isAwaitingApproval };
      }
      case "denied":
        return await this.#end(record, new TokenError("registration_denied"));
      case "expired":
        return await this.#end(record, new TokenError("registration_expired"));
      case "forbidden":
        return await this.#end(record, new TokenError("registration_forbidden"));
      case "gone":
        // Feishu gave this code itself. It has told the app: to another process, to an answer that was lost, or to a
        // process that was killed.
        return await this.#keptByOther(name, new TokenError("registration_outcome_unknown"));
      default: {
        const problem = errorOf(answer);
        if (answer.kind === "refused" && !problem.row.retryable) return await this.#end(record, problem);
        return { kind: "pending", retryAfterMs: intervalMs, isAwaitingApproval: false, problem };
      }
    }
  }

  /** Proves that the app works. */
  async prove(app: KeptApp, signal: AbortSignal): Promise<void> {
    const { feishu, clock } = this.#options;
    for (let round = 1;; round++) {
      const answer = await feishu.issueAppToken({
        credentials: credentialsOf(app),
        timeoutMs: REGISTRATION_TIMEOUT_MS,
      });
      if (answer.kind === "issued") return;
      if (round === PROOF_ROUNDS) throw errorOf(answer);
      await clock.sleep(PROOF_PAUSE_MS, signal);
    }
  }

  /** Feishu tells a secret once, so that a store that does not answer is asked again for two minutes. */
  async #keep(
    { appId, appSecret, brand, openId }: RegisteredApp,
    record: RegistrationRecord,
  ): Promise<KeptApp> {
    const { clock, keeper, at, log } = this.#options;
    const found = {
      brand: brand ?? record.polledAt,
      ...{ appId, appSecret },
      ...defined({ at, madeBy: openId }),
    };
    let name = record.name;
    for (let round = 1, others = 1; round <= KEEP_ROUNDS; round++) {
      try {
        const app = await keeper.add({ name, ...found });
        await this.#remove(record);
        return app;
      } catch (error) {
        if (!(error instanceof TokenError)) throw error;
        if (error.code === "app_name_taken" && others < OTHER_NAMES) name = `${record.name}-${++others}`;
        else if (error.row.kind !== "store") break;
        else {
          if (round === 1) {
            log.warn("registered app not stored yet, trying again", { error_code: error.code });
          }
          await clock.sleep(KEEP_PAUSE_MS);
        }
      }
    }
    throw new TokenError("registration_outcome_unknown", { detail: verbatim(shownAppId(appId)) });
  }

  /** The app that another process has registered under this name meanwhile, and may be about to store. */
  async #keptByOther(name: string, error: TokenError): Promise<RegistrationProgress> {
    const { keeper, clock } = this.#options;
    for (let round = 1; round <= OTHER_ROUNDS; round++) {
      const app = (await keeper.read()).apps.find((each) => each.name === name);
      if (app !== undefined) return { kind: "done", app };
      await clock.sleep(OTHER_PAUSE_MS);
    }
    await this.#options.values.remove(name, { deadlineMs: RECORD_DEADLINE_MS });
    throw error;
  }

  async #end(record: RegistrationRecord, error: TokenError): Promise<never> {
    await this.#remove(record);
    throw error;
  }

  /** One that stays is told as ended by Feishu when somebody asks again. */
  async #remove({ name }: RegistrationRecord): Promise<void> {
    await this.#options.values.remove(name, { deadlineMs: RECORD_DEADLINE_MS });
  }

  async #store(record: RegistrationRecord): Promise<void> {
    const written = await this.#options.values.put(record.name, record, {
      endsAtMs: record.expiresAtMs + KEPT_AFTER_MS,
      deadlineMs: RECORD_DEADLINE_MS,
    });
    if (written.kind !== "ok") throw new TokenError("store_unavailable");
  }
}

/** What {@linkcode AppRegistrations} needs. */
export interface AppRegistrationsOptions {
  /** The app tokens that prove an app. */
  readonly feishu: Pick<FeishuPort, "issueAppToken">;
  /** Feishu's endpoint. */
  readonly registration: RegistrationPort;
  /** Where apps are kept. */
  readonly keeper: AppKeeper;
  /** Where registrations wait. */
  readonly values: SealedValues<RegistrationRecord>;
  /** Judges what has expired, and times the pauses. */
  readonly clock: Clock;
  /** What names the process's Feishu; absent for the brand's own hosts. */
  readonly at: string | undefined;
  /** One line an event. */
  readonly log: Log;
}
