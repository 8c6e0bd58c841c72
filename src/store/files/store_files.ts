/** A KV file and the files next to it. */
export interface StoreFiles {
  /** The SQLite database. */
  readonly database: string;
  /** SQLite's write-ahead log: part of the data while a process has the store open. */
  readonly wal: string;
  /** SQLite's shared memory: of no use once no process has the store open. */
  readonly shm: string;
  /** The server key, where `FEISHU_TOKEN_KEY` is not set. */
  readonly key: string;
  /** The journal's folder. */
  readonly journal: string;
}

/** The files of the store at `path`. */
export function storeFiles(path: string): StoreFiles {
  return {
    database: path,
    wal: `${path}-wal`,
    shm: `${path}-shm`,
    key: `${path}.key`,
    journal: `${path}.journal`,
  };
}
