import { decodeEntry } from "../../src/store/journal/journal_entry.ts";
import type { TransparentKeyring } from "./transparent_keyring.ts";
import type { PairView, StoreView } from "./store_view.ts";

/** A pair noted in a journal. */
export interface Note {
  /** Name of its record. */
  readonly record: string;
  readonly pair: PairView;
}

/** A machine: what its processes share. */
export class Machine {
  readonly name: string;
  /** Of its journal; `null` where no disk outlives a process. */
  readonly folder: string | null;
  readonly #view: StoreView;
  readonly #glass: TransparentKeyring;
  #notes: readonly Note[] | null = null;

  /** With an empty folder for the journal, or none. */
  constructor(name: string, folder: string | null, view: StoreView, glass: TransparentKeyring) {
    this.name = name;
    this.folder = folder;
    this.#view = view;
    this.#glass = glass;
  }

  /** What its journal really holds: read anew once it was written to. */
  notes(): readonly Note[] {
    return this.#notes ??= this.#read();
  }

  /** Its journal was written to. */
  touched(): void {
    this.#notes = null;
  }

  #read(): Note[] {
    const { folder } = this;
    if (folder === null) return [];
    return [...Deno.readDirSync(folder)].flatMap(({ name }) => {
      const entry = decodeEntry(Deno.readTextFileSync(`${folder}/${name}`));
      if (entry === null) throw new Error(`Not a journal file: ${name}`);
      return [{ record: this.#glass.nameOf(entry.place.hash), pair: this.#view.pair(entry.value) }];
    });
  }
}
