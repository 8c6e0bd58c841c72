import type { CallLog } from "./call_log.ts";
import type { Callers } from "./callers.ts";
import type { Chains } from "./chains.ts";
import type { Chance } from "../harness/chance.ts";
import type { FeishuControl } from "./feishu_control.ts";
import type { Fleet } from "./fleet.ts";
import type { LoginTools } from "./logins/login_work.ts";
import type { StoreProbe } from "./store/store_probe.ts";
import type { StoreSwitch } from "./store/store_switch.ts";

/** What faults are prepared and injected with. */
export interface FaultTools {
  readonly feishu: FeishuControl;
  readonly calls: CallLog;
  readonly chains: Chains;
  readonly callers: Callers;
  readonly fleet: Fleet;
  readonly probe: StoreProbe;
  readonly store: StoreSwitch;
  readonly chance: Chance;
  /** Where the run has logins. */
  readonly logins?: LoginTools | undefined;
  /** The folder of the journal of a machine. */
  readonly journalOf: (machine: string) => string;
}
