import type { RecordName, TokenRecord } from "../../src/ports/store.ts";
import type { JournalFile } from "../../src/store/journal/journal_files.ts";
import { JournalFolder, type JournalFolderOptions } from "../../src/store/journal/journal_folder.ts";
import { storeUnavailable } from "../../src/store/files/store_unavailable.ts";
import type { Outcomes, SchedulePoints, Waiter } from "./schedule_points.ts";

/** What {@linkcode ScheduledJournal} needs beyond the real one. */
export interface ScheduledJournalOptions extends JournalFolderOptions {
  readonly waiter: Waiter;
  readonly points: SchedulePoints;
  /** Whether reading a record's journal waits for the schedule too. */
  readonly looksWait: boolean;
  /** Called when a file was written or removed. */
  readonly onChange: () => void;
}

/**
 * The real journal in a real folder. Each of its steps waits for the schedule: a process that is killed before a step has
 * not done it, and what it had done stays on the disk.
 */
export class ScheduledJournal extends JournalFolder {
  readonly #options: ScheduledJournalOptions;
  #isClearing = false;

  /** On an existing folder. */
  constructor(options: ScheduledJournalOptions) {
    super(options);
    this.#options = options;
  }

  override put(name: RecordName, record: TokenRecord): Promise<void> {
    const { points, waiter } = this.#options;
    const what = `journal ${record.token.refreshToken?.reveal()}`;
    return this.#wait<void>(what, {
      ok: async ({ give }) => give(await this.#changed(super.put(name, record))),
      "is written, slow": async (reply) => {
        await this.#changed(super.put(name, record));
        points.add({ waiter, what: `${what}: flushed`, outcomes: { ok: ({ give }) => give() } }, reply);
      },
      fails: ({ fail }) => fail(storeUnavailable()),
    });
  }

  override newest(name: RecordName): Promise<TokenRecord | null> {
    return this.#wait<TokenRecord | null>("look into the journal", {
      ok: async ({ give }) => give(await super.newest(name)),
    }, !this.#options.looksWait);
  }

  override find(name: RecordName, fp: string): Promise<TokenRecord | null> {
    return this.#wait<TokenRecord | null>("look into the journal", {
      ok: async ({ give }) => give(await super.find(name, fp)),
    }, !this.#options.looksWait);
  }

  override clear(...args: Parameters<JournalFolder["clear"]>): Promise<void> {
    return this.#wait<void>("clear the journal", {
      ok: async ({ give }) => {
        this.#isClearing = true;
        await this.#changed(super.clear(...args)).finally(() => this.#isClearing = false);
        give();
      },
      fails: ({ fail }) => fail(storeUnavailable()),
    });
  }

  override all(): Promise<JournalFile[]> {
    return this.#wait<JournalFile[]>("read the whole journal", {
      ok: async ({ give }) => give(await super.all()),
    });
  }

  override remove(file: JournalFile): Promise<void> {
    // `clear()` removes files too, as a part of its own step.
    if (this.#isClearing) return super.remove(file);
    return this.#wait<void>("remove a journal file", {
      ok: async ({ give }) => give(await this.#changed(super.remove(file))),
    });
  }

  async #changed<T>(work: Promise<T>): Promise<T> {
    return await work.finally(this.#options.onChange);
  }

  #wait<T>(what: string, outcomes: Outcomes<T>, isAutomatic = false): Promise<T> {
    const { waiter, points } = this.#options;
    return points.wait<T>({ waiter, what, isAutomatic, outcomes });
  }
}
