import type { AppCredentials } from "../ports/feishu.ts";
import type { LoginService } from "../ports/logins.ts";
import type { SealedValues, ValueForm } from "../ports/sealed_values.ts";
import type { GrantIndex } from "../tokens/grants/grant_index.ts";
import { GrantTokens } from "../tokens/grants/grant_tokens.ts";
import { Grants } from "../tokens/grants/grants.ts";
import { KeepAlive } from "../tokens/grants/keep_alive.ts";
import { KeptGrants } from "../tokens/grants/kept_grants.ts";
import { Logins } from "../tokens/grants/logins.ts";
import { RenewalSlots, SLOT_VALUES } from "../tokens/grants/renewal_slots.ts";
import type { ReplaceKept } from "../tokens/rejections.ts";
import type { TokenEngine } from "../tokens/token_engine.ts";
import { AppGates, GATE_VALUES } from "./app_gates.ts";
import { EndWarnings } from "./end_warnings.ts";
import { KeptLogins } from "./kept_logins.ts";
import type { LoginParts } from "./login_parts.ts";
import { LOGIN_VALUES } from "./login_record.ts";
import { LoginRecords } from "./login_records.ts";
import { LoginStarts } from "./login_starts.ts";
import { LoginSteps } from "./login_steps.ts";
import { LoginWatch } from "./login_watch.ts";
import { Revocations } from "./revocations.ts";

/** Connects the logins of one store. One a process. */
export function createLogins(options: LoginsOptions): CreatedLogins {
  const { engine, index, at, configuredScopes, ownApps, isShortLived, isLasting } = options;
  const { pairs, renewal, flights, fingerprints, store, clock, random, feishu, appTokens, log } = engine;
  const values = options.sealedValues;
  const records = new LoginRecords(values(LOGIN_VALUES), engine);
  const gates = new AppGates(values(GATE_VALUES), engine);
  const slots = new RenewalSlots(values(SLOT_VALUES), engine);
  const logins = new Logins({ pairs, store, clock, index });
  const grants = new Grants({ pairs, renewal, logins, flights, fingerprints });
  const kept = new KeptGrants({ index, grants, pairs, at });
  const grantTokens = new GrantTokens({ kept, grants, pairs, appTokens, feishu, flights, clock });
  const revocations = new Revocations({ records, index, gates, feishu, clock, at });
  const parts: LoginParts = {
    engine,
    records,
    gates,
    index,
    grants,
    logins,
    kept,
    grantTokens,
    revocations,
    isLasting,
    at,
  };
  const keepAlive = new KeepAlive({ index, kept, tokens: grantTokens, pairs, slots, clock, random, log });
  const steps = new LoginSteps(parts);
  const warnings = new EndWarnings(index, engine);
  const watch = new LoginWatch({ parts, steps, keepAlive, warnings, ownApps, isShortLived, log });
  const starts = new LoginStarts({ parts, configuredScopes });
  return {
    service: new KeptLogins({ parts, starts, steps, watch, keepAlive }),
    replaceKept: (credentials, rejected, call) => grantTokens.replaceRejected(credentials, rejected, call),
    work: (signal) => watch.run(signal),
  };
}

/** The logins of one store. */
export interface CreatedLogins {
  /** The port. */
  readonly service: LoginService;
  /** Replaces a rejected token of a grant. */
  readonly replaceKept: ReplaceKept;
  /** What is done for logins in the background, until the signal is aborted. */
  readonly work: (signal: AbortSignal) => Promise<void>;
}

/** What {@linkcode createLogins} needs. */
export interface LoginsOptions {
  /** The renewal protocol and its ports. */
  readonly engine: TokenEngine;
  /** Which grants there are; the engine's own. */
  readonly index: GrantIndex;
  /** The sealed values of the store. */
  readonly sealedValues: <T>(form: ValueForm<T>) => SealedValues<T>;
  /** The address of Feishu's API, where it is not the brand's own. */
  readonly at: string | undefined;
  /** Whether what the store keeps outlives the process. */
  readonly isLasting: boolean;
  /** `FEISHU_TOKEN_SCOPES`; may be empty. */
  readonly configuredScopes: readonly string[];
  /** The apps whose secret the server has now. */
  readonly ownApps: () => Promise<readonly AppCredentials[]>;
  /** Whether this process may end in a moment. */
  readonly isShortLived: () => boolean;
}
