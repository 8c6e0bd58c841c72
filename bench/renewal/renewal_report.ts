import { markdownTable } from "../../tests/docs/markdown_table.ts";
import type { StoreKind } from "./fresh_store.ts";
import type { RecordsFigures, RecordsOptions } from "./records.ts";
import { ROTATION_PARTS, type RotationFigures } from "./rotation.ts";
import type { StallFigures, StallOptions } from "./stall.ts";
import type { StampedeFigures, StampedeOptions } from "./stampede.ts";
import type { Waits } from "./waits.ts";

/**
 * All callers but one in a hundred are to wait at most so many times as long beyond what Feishu takes as they do with a
 * token, and so many milliseconds more.
 */
const STAMPEDE_AIM = { ratio: 1.5, moreMs: { file: 50, denokv: 100 } } as const;

const STAMPEDE_HEAD = [
  "all at once",
  "store",
  "Feishu's calls",
  "Feishu, ms",
  "p50",
  "p99",
  "max",
  "p99 beyond Feishu",
  "aim",
  "with a token: p50",
  "p99",
];
const STALL_HEAD = [
  "store",
  "undisturbed: p50, ms",
  "p99",
  "max",
  "Feishu stalled: p50",
  "p99",
  "max",
  "ratio of p99",
  "aim",
  "calls that hung",
];
const RECORDS_HEAD = ["store", "one record: p50, ms", "many: p50, ms", "ratio", "aim"];
const ROTATION_HEAD = ["store", ...ROTATION_PARTS.map((part, index) => index === 0 ? `${part}, ms` : part)];

/** What was measured, how, and the results. */
interface Section {
  readonly method: string;
  readonly head: readonly string[];
  readonly rows: (readonly string[])[];
}

/** The figures of a run as Markdown, a table a part. */
export class RenewalReport {
  readonly #sections = new Map<readonly string[], Section>();
  #isSound = true;

  /** Whether every stampede made one call, and every stall held up a renewal. Otherwise the figures mean nothing. */
  get isSound(): boolean {
    return this.#isSound;
  }

  /** Adds a stampede for an app token, and one for the pair of a refresh token. */
  stampede(
    store: StoreKind,
    { callers, processes, rounds }: StampedeOptions,
    figures: { readonly app: StampedeFigures; readonly refresh: StampedeFigures },
  ): void {
    const method = `${count(callers)} callers on ${processes} processes, medians of ${rounds} rounds.`;
    for (const [name, each] of [["app token", figures.app], ["refresh token", figures.refresh]] as const) {
      if (each.upstreamCalls !== 1) this.#isSound = false;
      this.#add(STAMPEDE_HEAD, method, [
        name,
        store,
        String(each.upstreamCalls),
        whole(each.upstreamMs),
        ...waits(each.cold, whole),
        whole(each.beyondUpstreamMs),
        `≤ ${whole(STAMPEDE_AIM.ratio * each.warm.p99 + STAMPEDE_AIM.moreMs[store])}`,
        whole(each.warm.p50),
        whole(each.warm.p99),
      ]);
    }
  }

  /** Adds a Feishu that does not answer. */
  stall(
    store: StoreKind,
    { callers, processes, perSecond, stallMs, rounds }: StallOptions,
    { undisturbed, stalled, ratio, hungCalls }: StallFigures,
  ): void {
    if (hungCalls === 0) this.#isSound = false;
    const method = `${count(callers)} callers on ${processes} processes, ${perSecond} requests a second, ` +
      `${stallMs / 1_000} s each, medians of ${rounds} interleaved rounds.`;
    this.#add(STALL_HEAD, method, [
      store,
      ...waits(undisturbed, exact),
      ...waits(stalled, exact),
      exact(ratio),
      "≤ 2",
      String(hungCalls),
    ]);
  }

  /** Adds a store with many records. */
  records(
    store: StoreKind,
    { records, reads, rounds }: RecordsOptions,
    { oneMs, manyMs, ratio }: RecordsFigures,
  ): void {
    const method =
      `One record beside ${count(records)}, medians of ${rounds} rounds of ${count(reads)} reads ` +
      "of each in turns.";
    this.#add(RECORDS_HEAD, method, [store, exact(oneMs), exact(manyMs), exact(ratio), "≤ 1.5"]);
  }

  /** Adds the steps of a rotation. */
  rotation(store: StoreKind, rotations: number, figures: RotationFigures): void {
    const method = `Medians of ${count(rotations)} rotations with a journal and as many without, in turns.`;
    this.#add(ROTATION_HEAD, method, [store, ...ROTATION_PARTS.map((part) => exact(figures[part]))]);
  }

  /** Everything that was added. */
  get text(): string {
    return [...this.#sections.values()]
      .map(({ method, head, rows }) => `${method}\n\n${markdownTable(head, rows)}\n`).join("\n");
  }

  #add(head: readonly string[], method: string, row: readonly string[]): void {
    const section = this.#sections.get(head) ?? { method, head, rows: [] };
    section.rows.push(row);
    this.#sections.set(head, section);
  }
}

function waits({ p50, p99, max }: Waits, show: (value: number) => string): string[] {
  return [show(p50), show(p99), show(max)];
}

function count(value: number): string {
  return value.toLocaleString("en");
}

function whole(value: number): string {
  return String(Math.round(value));
}

function exact(value: number): string {
  return value.toFixed(2);
}
