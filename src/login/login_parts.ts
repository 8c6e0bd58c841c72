import type { TokenError } from "../errors/token_error.ts";
import type { AppCredentials } from "../ports/feishu.ts";
import type { CallContext } from "../ports/tokens.ts";
import type { GrantIndex } from "../tokens/grants/grant_index.ts";
import type { Grants } from "../tokens/grants/grants.ts";
import type { GrantTokens } from "../tokens/grants/grant_tokens.ts";
import type { KeptGrants } from "../tokens/grants/kept_grants.ts";
import type { Logins } from "../tokens/grants/logins.ts";
import type { TokenEngine } from "../tokens/token_engine.ts";
import type { AppGates } from "./app_gates.ts";
import type { LoginRecord } from "./login_record.ts";
import type { LoginRecords } from "./login_records.ts";
import type { Revocations } from "./revocations.ts";

/** What the steps of a login share. */
export interface LoginParts {
  /** The renewal protocol and its ports. */
  readonly engine: TokenEngine;
  /** The logins of the store. */
  readonly records: LoginRecords;
  /** Keep logins and revocations apart. */
  readonly gates: AppGates;
  /** Which grants there are. */
  readonly index: GrantIndex;
  /** Where a login's pair goes. */
  readonly grants: Grants;
  /** How it is placed there. */
  readonly logins: Logins;
  /** Finds grants. */
  readonly kept: KeptGrants;
  /** Reads and renews them. */
  readonly grantTokens: GrantTokens;
  /** Revokes what a refused login has brought. */
  readonly revocations: Revocations;
  /** Whether what the store keeps outlives the process. */
  readonly isLasting: boolean;
  /** The address of Feishu's API, where it is not the brand's own. */
  readonly at: string | undefined;
}

/** One step of one login. */
export interface LoginStep {
  /** As it was read. */
  readonly login: LoginRecord;
  /** Its version. */
  readonly version: string;
  /** The app, with its secret. */
  readonly credentials: AppCredentials;
  /** The call that takes the step, or the background. */
  readonly call: CallContext;
}

/**
 * Outcome of a step. `moved`: the login is to be read again. `waits`: for a person, or for another process. An error:
 * why it cannot go on now; it will be tried again.
 */
export type StepOutcome = "moved" | "waits" | TokenError;
