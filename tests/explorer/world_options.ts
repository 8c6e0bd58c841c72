import type { LoginSwitches } from "./logins/login_switches.ts";
import type { DroppedCheck, Tamper } from "./process_kv.ts";
import type { ClockOffsets } from "./virtual_time.ts";

/** Where a process runs. */
export interface ProcessPlace extends ClockOffsets {
  /** Processes that name the same machine share its journal. */
  readonly machine: string;
}

/** The shape of a world. */
export interface WorldOptions {
  /** Of nonces and jitter. */
  readonly seed?: number;
  /** By name. */
  readonly processes?: Readonly<Record<string, ProcessPlace>>;
  /** Machines without a disk that outlives a process. */
  readonly withoutJournal?: readonly string[];
  readonly looksWait?: boolean;
  readonly hasGrace?: boolean;
  /** Whether this is about a user who logs in and out, rather than about a caller who holds a refresh token. */
  readonly hasUser?: boolean;
  /** Whether a login brings Feishu's claims, and the version that its own record had when it was created. */
  readonly hasClaims?: boolean;
  /** Whether callers ask for app tokens too. */
  readonly asksForApp?: boolean;
  /** Whether a refresh needs an app token first, as at the older endpoints: a step between the read and the claim. */
  readonly needsAppToken?: boolean;
  /** Where this is about whole logins, from the device code on, rather than about pairs: what Feishu may do. */
  readonly logins?: LoginSwitches | undefined;
  readonly dropped?: DroppedCheck | undefined;
  /** Changes writes on their way into the database, as if the code had asked for something else. */
  readonly tamper?: Tamper | undefined;
  /** Whether processes note what has happened to them, so that states can be told apart. Costs time. */
  readonly knowsStates?: boolean;
}

/** Where processes run by default. */
export const TWO_MACHINES: Readonly<Record<string, ProcessPlace>> = {
  P: { machine: "m1" },
  Q: { machine: "m2" },
};
