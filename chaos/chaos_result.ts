import type { Answers } from "./answers.ts";
import type { CheckerResult } from "./checker/check.ts";
import type { Life } from "./checker/life.ts";
import type { EventCounts } from "./event_counts.ts";
import type { LogLines } from "../harness/log_lines.ts";
import type { LoginHistory } from "./logins/login_history.ts";
import type { LongFaultCounts } from "./long_faults.ts";

/** What happened in a run, and what the checker found. */
export interface ChaosResult {
  readonly result: CheckerResult;
  /** Every process, by name. */
  readonly lives: ReadonlyMap<string, Life>;
  /** The last log lines of each process, by name. */
  readonly logs: ReadonlyMap<string, LogLines>;
  /** Kills by the name of the point. */
  readonly kills: ReadonlyMap<string, number>;
  readonly failedStarts: number;
  /** How often the store was made to fail, by the way in which it failed. */
  readonly outages: ReadonlyMap<string, number>;
  readonly events: EventCounts;
  readonly longFaults: LongFaultCounts;
  /** Single calls that were slow, refused or lost, stops shorter than a lease, moves of the clock. */
  readonly nemesisEvents: {
    readonly faults: number;
    readonly stops: number;
    readonly moves: number;
    /** Servers over standard streams that their host has killed. */
    readonly hostKills: number;
  };
  readonly callers: number;
  readonly answers: Answers;
  readonly logins: number;
  /** What was done with logins by the device flow; absent where there were none. */
  readonly deviceLogins: LoginHistory["counts"] | undefined;
  readonly feishuCalls: number;
  readonly tookMs: number;
}
