import { decodeEntry } from "../../src/store/journal/journal_entry.ts";
import type { TransparentKeyring } from "./transparent_keyring.ts";
import type { PairView, StoreView } from "./store_view.ts";

/** A pair noted in a journal. */
export interface Note {
  /** Name of its record. */
  readonly record: string;
  readonly pair: PairView;
}

/** A machine: the journal that its processes share. */
export class Machine {
  readonly name: string;
  /** Folder of its journal; `null` where no disk outlives a process. */
  readonly folder: string | null;
  readonly #view: StoreView;
  readonly #keyring: TransparentKeyring;
  #notes: readonly Note[] | null = null;

  /** With an empty folder for the journal, or none. */
  constructor(name: string, folder: string | null, view: StoreView, keyring: TransparentKeyring) {
    this.name = name;
    this.folder = folder;
    this.#view = view;
    this.#keyring = keyring;
  }

  /** What its journal holds. Read again after each change. */
  notes(): readonly Note[] {
    return this.#notes ??= this.#read();
  }

  /** Its journal has changed. */
  touched(): void {
    this.#notes = null;
  }

  #read(): Note[] {
    const { folder } = this;
    if (folder === null) return [];
    return [...Deno.readDirSync(folder)].flatMap(({ name }) => {
      const entry = decodeEntry(Deno.readTextFileSync(`${folder}/${name}`));
      if (entry === null) throw new Error(`Not a journal file: ${name}`);
      return [{ record: this.#keyring.nameOf(entry.place.hash), pair: this.#view.pair(entry.value) }];
    });
  }
}
