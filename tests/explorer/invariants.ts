import type { AppCall } from "./app_call.ts";
import type { LoginAction } from "./login_action.ts";
import { knownTo } from "./known_pairs.ts";
import type { Presentation } from "./presentation.ts";
import type { Question } from "./question.ts";
import type { ServerProcess } from "./server_process.ts";
import type { PlainOperation, RecordView } from "./store_view.ts";
import { Violation } from "./violation.ts";
import type { World } from "./world.ts";
import {
  answersNothingOlder,
  answersNothingRejected,
  answersOnlyInWords,
  answersOnlyWithKeptPairs,
  failsOnlyInWords,
  keepsLogins,
} from "./invariants/answers.ts";
import { asksForAppTokensUnderALease, asksForOneAppToken } from "./invariants/app_tokens.ts";
import { clearsOnlyWhatWasStored, journalsBeforeCommitting } from "./invariants/journal.ts";
import { aLieCostsOneRead } from "./invariants/lies.ts";
import { claimsNothingMarked, marksOnlyAsHolder, marksOnlyWithoutNewerPair } from "./invariants/marks.ts";
import { answersEverybody, healsTheStore, losesNoRotation, marksNoGoodLogin } from "./invariants/outcome.ts";
import { presentsOnce, presentsTheNewestItKnows } from "./invariants/presentations.ts";
import {
  bringsNobodyBack,
  forgetsNoUnknownOutcome,
  listsItsChecks,
  neverGoesBack,
} from "./invariants/writes.ts";

import type { LoginCall } from "./logins/login_call.ts";
import type { Revocation } from "./logins/revocation.ts";
import {
  answersEveryCall,
  endsEveryLogin,
  indexesEveryGrant,
  losesNoLiveLogin,
} from "./invariants/login_end.ts";
import {
  failsNoCallWithoutWords,
  tellsNoTokenAfterLogout,
  tellsOneOutcome,
} from "./invariants/login_answers.ts";
import {
  bringsNoLoginBack,
  endsLoginsOnce,
  isDoneOnlyWhenStored,
  keepsEveryIssuedPair,
} from "./invariants/login_pairs.ts";
import { revokesNoLiveLogin } from "./invariants/revocations.ts";

/** Says what is wrong, or nothing. */
type Invariant<Args extends unknown[]> = (world: World, ...args: Args) => string | undefined;

/** The invariants of the renewal protocol, by the moment at which each is checked. */
const APP_CALL: Invariant<[AppCall]>[] = [asksForAppTokensUnderALease, asksForOneAppToken];
const SENT: Invariant<[Presentation]>[] = [presentsTheNewestItKnows, presentsOnce];
const ISSUED: Invariant<[ServerProcess, PlainOperation]>[] = [
  journalsBeforeCommitting,
  listsItsChecks,
  marksOnlyWithoutNewerPair,
];
const LANDED: Invariant<[ServerProcess, PlainOperation, RecordView]>[] = [
  neverGoesBack,
  bringsNobodyBack,
  marksOnlyAsHolder,
  claimsNothingMarked,
  forgetsNoUnknownOutcome,
];
const ENDED: Invariant<[Question]>[] = [
  answersOnlyWithKeptPairs,
  answersNothingOlder,
  answersNothingRejected,
  answersOnlyInWords,
];
const ACTION: Invariant<[LoginAction]>[] = [keepsLogins, failsOnlyInWords];
const REVOKED: Invariant<[Revocation]>[] = [revokesNoLiveLogin];
const TOLD: Invariant<[LoginCall]>[] = [failsNoCallWithoutWords, tellsOneOutcome, tellsNoTokenAfterLogout];
const STEPPED: Invariant<[]>[] = [clearsOnlyWhatWasStored, aLieCostsOneRead];
const OUTCOME: Invariant<[]>[] = [answersEverybody, losesNoRotation, marksNoGoodLogin, healsTheStore];

/** The invariants of worlds with whole logins: those of single pairs that hold there too, and their own. */
const LOGIN_SENT: Invariant<[Presentation]>[] = [presentsOnce];
const LOGIN_LANDED: Invariant<[ServerProcess, PlainOperation, RecordView]>[] = [
  neverGoesBack,
  marksOnlyAsHolder,
  forgetsNoUnknownOutcome,
  bringsNoLoginBack,
  isDoneOnlyWhenStored,
  endsLoginsOnce,
];
const LOGIN_STEPPED: Invariant<[]>[] = [keepsEveryIssuedPair];
const LOGIN_OUTCOME: Invariant<[]>[] = [
  answersEveryCall,
  endsEveryLogin,
  losesNoLiveLogin,
  indexesEveryGrant,
];

/** Checks the invariants of one world. The first violation is kept, and thrown when the step is over. */
export class Invariants {
  readonly #world: World;
  #violation: Violation | undefined;

  /** Of `world`. */
  constructor(world: World) {
    this.#world = world;
  }

  /** A presentation is about to leave. */
  sent(presentation: Presentation): void {
    this.#check(this.#hasLogins ? LOGIN_SENT : SENT, presentation);
  }

  /** Feishu is about to end what a revocation ends. */
  revoked(revocation: Revocation): void {
    this.#check(REVOKED, revocation);
  }

  /** A call of the service for logins has ended. */
  told(call: LoginCall): void {
    this.#check(TOLD, call);
  }

  /** An app token is about to be asked for. */
  appCall(call: AppCall): void {
    this.#check(APP_CALL, call);
  }

  /** A write was asked for. */
  issued(process: ServerProcess, operation: PlainOperation): void {
    this.#world.history.issued(operation, knownTo(this.#world, process, operation.record));
    if (!this.#hasLogins) this.#check(ISSUED, process, operation);
  }

  /** A write took effect. */
  landed(process: ServerProcess, operation: PlainOperation, before: RecordView): void {
    this.#world.history.landed(operation);
    if (this.#hasLogins) this.#world.loginHistory.landed(operation);
    this.#check(this.#hasLogins ? LOGIN_LANDED : LANDED, process, operation, before);
  }

  /** A caller was answered. */
  ended(question: Question): void {
    this.#check(ENDED, question);
  }

  /** A login or logout has ended. */
  actionEnded(action: LoginAction): void {
    this.#check(ACTION, action);
  }

  /** A step is over: every process waits. */
  stepped(): void {
    if (this.#hasLogins) this.#world.loginHistory.stepped();
    this.#check(this.#hasLogins ? LOGIN_STEPPED : STEPPED);
  }

  /** All faults have ended, and every process has finished. */
  over(): void {
    this.#check(this.#hasLogins ? LOGIN_OUTCOME : OUTCOME);
    this.assertHeld();
  }

  /**
   * Throws the violation that was found first, if any.
   *
   * @throws Violation
   */
  assertHeld(): void {
    if (this.#violation !== undefined) throw this.#violation;
  }

  get #hasLogins(): boolean {
    return this.#world.options.logins !== undefined;
  }

  #check<Args extends unknown[]>(invariants: readonly Invariant<Args>[], ...args: Args): void {
    for (const invariant of invariants) {
      const what = invariant(this.#world, ...args);
      if (what !== undefined) this.#violation ??= new Violation(invariant.name, what);
    }
  }
}
