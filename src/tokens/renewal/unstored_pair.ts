import type { TokenRecord } from "../../ports/store.ts";
import type { RecordRef } from "./record_ref.ts";

/** A pair on its way into the store. */
export interface UnstoredPair {
  /** Its record. */
  readonly ref: RecordRef;
  /** What Feishu issued. */
  readonly record: TokenRecord;
  /** Whether it outlives this process already. */
  readonly isJournaled: boolean;
}
