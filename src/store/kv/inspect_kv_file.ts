import type { DatabaseSync } from "node:sqlite";
import { assertRegular } from "../files/assert_regular.ts";
import { ForeignDatabase } from "./foreign_database.ts";
import { isMissing } from "../files/is_missing.ts";
import { assertWritable } from "../files/private_files.ts";
import { storeFiles } from "../files/store_files.ts";
import { UnfitFile } from "../files/unfit_file.ts";

/** Largest file, in bytes, that is checked as a whole: about 70 ms where the system has it cached. */
const CHECKED_WHOLE_BYTES = 128 * 1024 * 1024;
/** The table that Deno makes first. Another program may have tables with the names of its others: `kv`, `queue`. */
const DENO_MARK = "migration_state";
/** Version of the database that Deno 2.5 to 2.9 make. A later version may have other tables. */
const KNOWN_VERSION = 3;
/** Deno cannot read a database without the version of its newest value. */
const DATA_VERSION = "select version from data_version where k = 0";
/**
 * Finds rows that Deno cannot read. Deno reads them on a thread of its own as soon as it has opened a database, and
 * where it cannot, it ends the whole process instead of throwing ("KV queue cleanup failed", "KV collect expired
 * failed": Deno 2.9.6). Each statement finds values of another type than Deno expects, and throws where a table, a
 * column or an index is missing or damaged.
 */
const UNREADABLE_ROWS: readonly string[] = [
  "select 1 from queue where typeof(ts) <> 'integer' or typeof(id) <> 'text' or typeof(data) <> 'blob' " +
  "or typeof(backoff_schedule) <> 'text' or typeof(keys_if_undelivered) <> 'blob'",
  "select 1 from queue_running where typeof(deadline) <> 'integer' or typeof(id) <> 'text' " +
  "or typeof(data) <> 'blob' or typeof(backoff_schedule) <> 'text' or typeof(keys_if_undelivered) <> 'blob'",
  "select v, v_encoding, version from kv where expiration_ms >= 0 " +
  "and (typeof(expiration_ms) <> 'integer' or typeof(k) <> 'blob')",
];
/** Errors of SQLite that say nothing about the content. Every other error means a damaged database. */
const NOT_OF_CONTENT =
  /is locked|locking protocol|not a database|disk I\/O error|is full|unable to open|readonly|out of memory|permission/;

/** Loads SQLite. */
export type SqliteLoader = () => Promise<typeof DatabaseSync | null>;

/**
 * Inspects the SQLite database at `path` before Deno opens it, without waiting for a lock. `Deno.openKv` stops the
 * event loop while another program holds SQLite's lock, makes its tables in whatever database it is given, and ends
 * the process on some damaged databases (measured on Deno 2.9.6). Nothing is written into a database of another
 * program. A missing or empty file passes, and so does every file where Deno has no `node:sqlite`.
 *
 * Must not be called while this process has a handle on the same file: closing the handle of the inspection drops the
 * locks that SQLite holds on the file for the other one (POSIX).
 *
 * @param load gives SQLite; `null` where Deno has none.
 * @throws ForeignDatabase; UnfitFile for a file or side file that is no regular file; StartError for a file that
 * cannot be written; else Error with SQLite's text: `database is locked`, `file is not a database`, `database disk
 * image is malformed`.
 */
export async function inspectKvFile(path: string, load: SqliteLoader = loadSqlite): Promise<void> {
  const size = await sizeOf(path);
  if (size === null) return;
  await assertWritable(path);
  const hasLog = await hasSideFile(path);
  const Database = await load();
  if (Database === null) return;
  // With a log: opened for writing, SQLite would write the log into the database, which may be another program's.
  // Without a log: opened read-only, SQLite would leave an empty log behind.
  if (size > 0 && hasLog) {
    useDatabase(new Database(path, { readOnly: true }), (database) => reading(database, assertDenos));
  }
  useDatabase(new Database(path), (database) => {
    if (size > 0) reading(database, assertDenos);
    assertUnlocked(database);
    if (size > 0) reading(database, () => assertSound(database, size));
  });
}

function useDatabase(database: DatabaseSync, look: (database: DatabaseSync) => void): void {
  try {
    // A pragma, since only newer versions of Deno have a constructor option for it.
    database.exec("pragma busy_timeout = 0");
    look(database);
  } catch (error) {
    if (error instanceof ForeignDatabase || !(error instanceof Error)) throw error;
    if (NOT_OF_CONTENT.test(error.message)) throw error;
    throw new Error(`database disk image is malformed: ${error.message}`, { cause: error });
  } finally {
    database.close();
  }
}

/**
 * Does `look` in one read transaction, which a lock of another program cannot interrupt once it has begun. It is
 * begun with `exec`, since in older versions of Deno a prepared statement does not say why a database cannot be read.
 */
function reading(database: DatabaseSync, look: (database: DatabaseSync) => void): void {
  database.exec("begin; select count(*) from sqlite_schema");
  look(database);
  database.exec("rollback");
}

/** @throws ForeignDatabase when the database has tables, and none of them is Deno's. */
function assertDenos(database: DatabaseSync): void {
  const tables = database.prepare("select name from sqlite_schema where type = 'table'").all()
    .map(({ name }) => String(name))
    .filter((name) => !name.startsWith("sqlite_"));
  const [foreign] = tables;
  if (foreign !== undefined && !tables.includes(DENO_MARK)) throw new ForeignDatabase(foreign);
}

/**
 * Throws while another program holds a lock. Deno takes the exclusive lock only to make a new database: a process of
 * this program frees it a moment later.
 */
function assertUnlocked(database: DatabaseSync): void {
  database.exec("begin exclusive");
  database.exec("rollback");
}

function assertSound(database: DatabaseSync, size: number): void {
  const isMade = database.prepare("select 1 from sqlite_schema where name = ?").get(DENO_MARK) !== undefined;
  const made = isMade ? database.prepare("select version from migration_state where k = 0").get() : undefined;
  // Deno has not made its tables yet, or was killed while it made them.
  if (made === undefined) return;
  if (made.version === KNOWN_VERSION) assertReadable(database);
  if (size > CHECKED_WHOLE_BYTES) return;
  const found = database.prepare("pragma quick_check(1)").get()?.quick_check;
  if (found !== "ok") throw new Error(String(found));
}

function assertReadable(database: DatabaseSync): void {
  if (typeof database.prepare(DATA_VERSION).get()?.version !== "number") throw new Error("no data version");
  for (const statement of UNREADABLE_ROWS) {
    if (database.prepare(statement).get() !== undefined) throw new Error("a row of another type");
  }
}

/** `null` where there is no such file. */
async function sizeOf(path: string): Promise<number | null> {
  try {
    const found = await Deno.stat(path);
    assertRegular(found);
    return found.size;
  } catch (error) {
    if (isMissing(error)) return null;
    if (!(error instanceof UnfitFile)) throw error;
    const { en, zh } = error.reason;
    throw new UnfitFile({ en: `${path}: ${en}`, zh: `${path}：${zh}` });
  }
}

/** SQLite puts side files next to the file that a link leads to. */
async function hasSideFile(path: string): Promise<boolean> {
  const database = await Deno.realPath(path);
  const { wal, shm } = storeFiles(database);
  const [log, journal] = await Promise.all([wal, `${database}-journal`, shm].map(sizeOf));
  return log !== null || journal !== null;
}

/** Loaded only where there is a file to inspect. */
async function loadSqlite(): Promise<typeof DatabaseSync | null> {
  try {
    return (await import("node:sqlite")).DatabaseSync;
  } catch {
    return null;
  }
}
