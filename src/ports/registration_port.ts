import type { Brand } from "../brand.ts";
import type { Secret } from "../secret.ts";
import type { FailedCall } from "./feishu.ts";

/** Request to start the registration of an app by scan. */
export interface RegistrationStartRequest {
  /** Whose page the person opens. The codes themselves are always Feishu's. */
  readonly brand: Brand;
  /** Name of the kept app, for Feishu's statistics of who sends people there. */
  readonly name: string;
  /** Scopes that user tokens are to have; the page shows them to the person. */
  readonly scopes: readonly string[];
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** A registration that waits for a person. */
export interface StartedRegistration {
  /** Anyone who has it gets the app's secret: it never leaves the program. */
  readonly deviceCode: Secret;
  /** The code that the page shows. */
  readonly userCode: string;
  /** Page on which the person makes the app. It makes a new one: it hands out no secret of an existing one. */
  readonly pageUrl: string;
  /** Unix milliseconds, counted from before the request was sent. */
  readonly expiresAtMs: number;
  /** Shortest pause between two polls, in milliseconds. */
  readonly intervalMs: number;
}

/** Outcome of the start. */
export type RegistrationStartAnswer =
  | { readonly kind: "started"; readonly registration: StartedRegistration; readonly logId?: string }
  | FailedCall;

/** Request to ask how a registration stands. */
export interface RegistrationPollRequest {
  /** Whose accounts host is asked: Feishu's, until an answer says that the person is of Lark. */
  readonly brand: Brand;
  /** The poll that is answered with an app spends it. */
  readonly deviceCode: Secret;
  /** The pause before this poll, in milliseconds. From it a `pending` answer computes the next one. */
  readonly intervalMs: number;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** An app that somebody has just made. */
export interface RegisteredApp {
  /** Id of the app. */
  readonly appId: string;
  /** Its secret, which Feishu tells only once. */
  readonly appSecret: Secret;
  /** Where it was made; absent where the answer does not say. */
  readonly brand?: Brand;
  /** Who made it, as the app sees them; absent where the answer does not say. */
  readonly openId?: string;
}

/**
 * How a registration stands.
 *
 * - `pending`: the person has not finished. `isAwaitingApproval`: an administrator has to agree first.
 * - `moved`: the person is of Lark. The same code is asked for there, at once.
 * - `denied`, `expired`: by the person, or by time.
 * - `forbidden`: the person's company lets nobody make apps this way.
 * - `gone`: Feishu does not know the code, or has given its app out.
 */
export type RegistrationPollAnswer =
  | { readonly kind: "registered"; readonly app: RegisteredApp; readonly logId?: string }
  | { readonly kind: "pending"; readonly intervalMs: number; readonly isAwaitingApproval: boolean }
  | { readonly kind: "moved" | "denied" | "expired" | "forbidden" | "gone"; readonly logId?: string }
  | FailedCall;

/** Feishu's endpoint for the registration of an app by scan. One call is one HTTP request. */
export interface RegistrationPort {
  /** `oauth/v1/app/registration`, `action=begin`. */
  startRegistration(request: RegistrationStartRequest): Promise<RegistrationStartAnswer>;
  /** `oauth/v1/app/registration`, `action=poll`. */
  pollRegistration(request: RegistrationPollRequest): Promise<RegistrationPollAnswer>;
}
