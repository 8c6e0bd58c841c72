import type { Reply, SchedulePoints, Waiter } from "./schedule_points.ts";
import type { KvOperation, KvSet, SharedKv } from "./shared_kv.ts";
import type { OperationKind, PlainOperation, RecordView, SlotName, StoreView } from "./store_view.ts";

/** A check that is taken out of every write of one kind, as if the code had forgotten it. */
export interface DroppedCheck {
  readonly kind: OperationKind;
  readonly slot: SlotName;
}

/** A write as it is to reach the database; `null`: it never does, and is reported as done. */
export type Tamper = (plain: PlainOperation, operation: KvOperation) => KvOperation | null;

/** What {@linkcode processKv} needs. */
export interface ProcessKvOptions {
  readonly waiter: Waiter;
  readonly kv: SharedKv;
  readonly view: StoreView;
  readonly points: SchedulePoints;
  readonly elapsedMs: () => number;
  readonly dropped?: DroppedCheck | undefined;
  readonly tamper?: Tamper | undefined;
  /** Called with each write when it is asked for. */
  readonly onIssue: (operation: PlainOperation) => void;
  /** Called with each write that took effect, and the record as it was before. */
  readonly onLand: (operation: PlainOperation, before: RecordView) => void;
  /** Called before the store reports failure of a write that took effect; the write was asked for at `sinceMs`. */
  readonly onLie: (operation: PlainOperation, sinceMs: number) => void;
}

/**
 * The database as one process reaches it: each read and each commit waits for the schedule, which chooses its outcome. A
 * commit can still land after its process has given it up or was killed.
 */
export function processKv(options: ProcessKvOptions): Deno.Kv {
  const { waiter, kv, view, points } = options;
  const facade = {
    getMany(keys: readonly Deno.KvKey[]): Promise<Deno.KvEntryMaybe<unknown>[]> {
      const [key = []] = keys;
      return points.wait<Deno.KvEntryMaybe<unknown>[]>({
        waiter,
        what: `read ${view.nameOf(key)}`,
        outcomes: {
          ok: async ({ give }) => give(await kv.read(keys)),
          "is locked": ({ fail }) => fail(new TypeError("database is locked")),
          fails: ({ fail }) => fail(new TypeError("disk I/O error")),
        },
      });
    },
    list: ({ prefix }: { readonly prefix: Deno.KvKey }) => {
      const read = (): Promise<Deno.KvEntry<unknown>[]> =>
        points.wait<Deno.KvEntry<unknown>[]>({
          waiter,
          what: `list ${String(prefix[2])}`,
          outcomes: {
            ok: ({ give }) => give(kv.list(prefix)),
            fails: ({ fail }) => fail(new TypeError("disk I/O error")),
          },
        });
      // One batch is enough for every walk.
      return { cursor: "", [Symbol.asyncIterator]: () => entriesOf(read) };
    },
    atomic: () => atomic((operation) => commit(operation, options), options.elapsedMs),
  };
  return facade as unknown as Deno.Kv;
}

async function* entriesOf(
  read: () => Promise<Deno.KvEntry<unknown>[]>,
): AsyncGenerator<Deno.KvEntry<unknown>> {
  yield* await read();
}

type CommitOutcome = Deno.KvCommitResult | Deno.KvCommitError;

function commit(operation: KvOperation, options: ProcessKvOptions): Promise<CommitOutcome> {
  const { waiter, kv, view, points, dropped, elapsedMs, onIssue, onLand, onLie } = options;
  const plain = view.describe(operation);
  onIssue(plain);
  const checks = operation.checks.filter(({ key }) =>
    plain.kind !== dropped?.kind || key[1] !== dropped.slot
  );
  const land = async (): Promise<CommitOutcome> => {
    const before = view.record(plain.record);
    const written = options.tamper === undefined ? operation : options.tamper(plain, operation);
    if (written === null) return { ok: true, versionstamp: kv.currentVersion };
    const outcome = await kv.commit({
      ...written,
      checks: checks.filter((each) => written.checks.includes(each)),
    });
    if (outcome.ok) onLand(plain, before);
    return outcome;
  };
  const sinceMs = elapsedMs();
  const lie = (outcome: CommitOutcome, { give }: Reply<CommitOutcome>): void => {
    if (outcome.ok) onLie(plain, sinceMs);
    give({ ok: false });
  };
  const what = `${plain.kind} ${plain.record}`;
  return points.wait<CommitOutcome>({
    waiter,
    what,
    outlives: true,
    outcomes: {
      ok: async ({ give }) => give(await land()),
      "lands, answer slow": async (reply) => {
        const outcome = await land();
        points.add({
          waiter,
          what: `${what}: answer`,
          outcomes: {
            arrives: ({ give }) => give(outcome),
            lies: (late) => lie(outcome, late),
            "is lost": () => {},
          },
        }, reply);
      },
      lies: async (reply) => lie(await land(), reply),
      "lands and fails": async ({ fail }) => {
        await land();
        fail(new TypeError("connection reset"));
      },
      conflicts: ({ give }) => give({ ok: false }),
      "is locked": ({ fail }) => fail(new TypeError("database is locked")),
      fails: ({ fail }) => fail(new TypeError("disk I/O error")),
      vanishes: () => {},
    },
  });
}

/** An atomic operation that does nothing until it is committed. */
function atomic(
  commit: (operation: KvOperation) => Promise<CommitOutcome>,
  elapsedMs: () => number,
): Deno.AtomicOperation {
  const checks: Deno.AtomicCheck[] = [];
  const sets: KvSet[] = [];
  const deletes: Deno.KvKey[] = [];
  const operation = {
    check(...more: Deno.AtomicCheck[]): unknown {
      checks.push(...more);
      return operation;
    },
    set(key: Deno.KvKey, value: unknown, { expireIn }: { expireIn?: number } = {}): unknown {
      sets.push({ key, value, endsMs: expireIn === undefined ? null : elapsedMs() + expireIn });
      return operation;
    },
    delete(key: Deno.KvKey): unknown {
      deletes.push(key);
      return operation;
    },
    commit: () => commit({ checks, sets, deletes }),
  };
  return operation as unknown as Deno.AtomicOperation;
}
