import type { AppCredentials, FeishuAnswer, FeishuPort, IssuedToken } from "../ports/feishu.ts";
import type { Log } from "../ports/log.ts";
import type { Fingerprints, RecordName, TokenRecord } from "../ports/store.ts";
import type { Secret } from "../secret.ts";
import { APP_LIMITS, type AttemptLimits, EARLIER_APP_TOKENS } from "./constants.ts";
import type { RenewalJob } from "./renewal_job.ts";

/** What a lease of an app without any token is about. */
const NO_TOKEN = "none";

/** What {@linkcode AppTokenJob} needs. */
export interface AppTokenJobOptions {
  /** The app. */
  readonly credentials: AppCredentials;
  /** Names the record inside this process. */
  readonly key: string;
  /** Fingerprint of the secret in `credentials`: a token got with another one does not answer. */
  readonly secretFp: string;
  /** What answers the question, apart from the secret. */
  readonly isEnough: (token: TokenRecord) => boolean;
  /** As in {@linkcode RenewalJob}. */
  readonly patient: boolean;
  /** One line an event. */
  readonly log: Log;
  /** Feishu's token endpoints. */
  readonly feishu: FeishuPort;
  /** Compares tokens and secrets without showing them. */
  readonly fingerprints: Fingerprints;
}

/** The renewal of an app token. Nothing is spent; Feishu hands back the same token while 30 minutes remain of it. */
export class AppTokenJob implements RenewalJob {
  /** The record. */
  readonly name: RecordName;
  readonly key: string;
  /** How long one presentation may take. */
  readonly limits: AttemptLimits = APP_LIMITS;
  readonly spends = false;
  readonly patient: boolean;
  readonly log: Log;
  readonly #options: AppTokenJobOptions;

  /** One question. */
  constructor(options: AppTokenJobOptions) {
    this.#options = options;
    this.name = { kind: "app", credentials: options.credentials };
    this.key = options.key;
    this.patient = options.patient;
    this.log = options.log;
  }

  /** Whether `token` is enough, and was got with the secret in use. */
  isDone(token: TokenRecord | null): boolean {
    const { secretFp, isEnough } = this.#options;
    return token !== null && token.secretFp === secretFp && isEnough(token);
  }

  /** The token itself: nothing is spent by asking for the next. */
  subject(token: TokenRecord | null): string {
    return token?.fp ?? NO_TOKEN;
  }

  /** Nothing is needed. */
  prepare(): Promise<void> {
    return Promise.resolve();
  }

  /** Asks for a token once. */
  present(timeoutMs: number): Promise<FeishuAnswer> {
    const { feishu, credentials } = this.#options;
    return feishu.issueAppToken({ credentials, timeoutMs });
  }

  /** There is one endpoint only. */
  hasAnotherWay(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** The next generation, with whatever Feishu handed out. */
  async successor(current: TokenRecord | null, issued: IssuedToken): Promise<TokenRecord> {
    const fp = await this.#fingerprint(issued.accessToken);
    return {
      login: 0,
      gen: (current?.gen ?? 0) + 1,
      fp,
      secretFp: this.#options.secretFp,
      token: issued,
      ...(current === null ? {} : { earlier: earlierThan(fp, current), unchanged: fp === current.fp }),
    };
  }

  #fingerprint(token: Secret): Promise<string> {
    return this.#options.fingerprints.ofToken(this.#options.credentials, token);
  }
}

function earlierThan(fp: string, current: TokenRecord): string[] {
  const all = [current.fp, ...current.earlier ?? []];
  return all.filter((each) => each !== fp).slice(0, EARLIER_APP_TOKENS);
}
