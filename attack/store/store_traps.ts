import { DatabaseSync } from "node:sqlite";
import { runCommand } from "../../harness/run_command.ts";
import { storeFiles } from "../../src/store/files/store_files.ts";
import { RunError } from "../../harness/run_error.ts";

/** A defect of a store that a start meets. */
export interface StoreTrap {
  readonly name: string;
  /** Whether a start must be refused. Otherwise it may also serve, if it serves what is stored. */
  readonly mustRefuse: boolean;
  /** Part of the name of the file that a line must name, if any. */
  readonly culprit?: string;
  /** Sets it up at a copied store. Returns what ends it, if anything must. */
  set(path: string): Promise<(() => void) | void> | (() => void);
  /** Looks at the store afterwards; what is wrong with it, or `null`. */
  after?(path: string): string | null;
}

const GIB = 2 ** 30;
/** A name as entries of the journal have it. */
const ENTRY = "caller.71lvLnm5oOhflf89ot0S3Q.0.1.ovue1xJ_IDJVlgp5sDRm-A.json";

/** Other programs' files, missing and strange side files, locks, open permissions. */
export const STORE_TRAPS: readonly StoreTrap[] = [
  {
    name: "another program's SQLite file",
    mustRefuse: true,
    culprit: "tokens.kv",
    async set(path): Promise<void> {
      await Deno.remove(path);
      const database = new DatabaseSync(path);
      database.exec("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')");
      database.close();
      await Deno.chmod(path, 0o600);
    },
    after(path): string | null {
      const database = new DatabaseSync(path, { readOnly: true });
      const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
      database.close();
      return tables.length === 1 ? null : `it got ${tables.length - 1} tables of somebody else`;
    },
  },
  {
    name: "another program holds SQLite's lock",
    mustRefuse: true,
    culprit: "tokens.kv",
    set(path): () => void {
      const database = new DatabaseSync(path, { timeout: 0 });
      database.exec("BEGIN EXCLUSIVE");
      return () => {
        database.exec("ROLLBACK");
        database.close();
      };
    },
  },
  { name: "a FIFO as database", mustRefuse: true, culprit: "tokens.kv", set: (path) => fifo(path) },
  { name: "a FIFO as key", mustRefuse: true, culprit: ".key", set: (path) => fifo(storeFiles(path).key) },
  {
    name: "a FIFO in the journal",
    mustRefuse: false,
    set: (path) => fifo(`${storeFiles(path).journal}/${ENTRY}`),
  },
  {
    name: "a journal entry of 1 GiB",
    mustRefuse: false,
    culprit: ENTRY,
    set: (path) => sparse(`${storeFiles(path).journal}/${ENTRY}`, GIB),
  },
  {
    name: "a machine file of 1 GiB",
    mustRefuse: false,
    culprit: "machine",
    set: (path) => sparse(`${storeFiles(path).journal}/machine`, GIB),
  },
  {
    name: "a key of 1 GiB",
    mustRefuse: true,
    culprit: ".key",
    set: (path) => sparse(storeFiles(path).key, GIB),
  },
  {
    name: "a key that others can write",
    mustRefuse: true,
    culprit: ".key",
    set: (path) => Deno.chmod(storeFiles(path).key, 0o666),
  },
  {
    name: "no key",
    mustRefuse: true,
    culprit: ".key",
    set: (path) => Deno.remove(storeFiles(path).key),
  },
  {
    name: "another key",
    mustRefuse: true,
    async set(path): Promise<void> {
      const { key } = storeFiles(path);
      const text = await Deno.readTextFile(key);
      await Deno.writeTextFile(key, text.replaceAll(/[A-Za-z]/g, swapped));
    },
  },
  {
    name: "a text file as database",
    mustRefuse: true,
    culprit: "tokens.kv",
    set: (path) => text(path, "notes\n"),
  },
  { name: "an empty database", mustRefuse: false, set: (path) => text(path, "") },
  {
    name: "a folder as database",
    mustRefuse: true,
    culprit: "tokens.kv",
    async set(path): Promise<void> {
      await Deno.remove(path);
      await Deno.mkdir(path);
    },
  },
  {
    name: "a file as journal",
    mustRefuse: true,
    culprit: ".journal",
    async set(path): Promise<void> {
      const { journal } = storeFiles(path);
      await Deno.remove(journal, { recursive: true });
      await Deno.writeTextFile(journal, "x", { mode: 0o600 });
    },
  },
  {
    name: "a write-ahead log that is none",
    mustRefuse: false,
    set: (path) => text(storeFiles(path).wal, "x".repeat(100_000)),
  },
];

/** Another letter for each, so that what is base64 stays so. */
function swapped(letter: string): string {
  return letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
}

async function text(path: string, content: string): Promise<void> {
  await Deno.writeTextFile(path, content, { mode: 0o600 });
}

async function fifo(path: string): Promise<void> {
  await Deno.remove(path).catch(() => {});
  const { code } = await runCommand("mkfifo", ["-m", "600", path]);
  if (code !== 0) throw new RunError(`No FIFO can be made at ${path}`);
}

/** A file that takes up no room on the disk. */
async function sparse(path: string, bytes: number): Promise<void> {
  await Deno.writeTextFile(path, "", { mode: 0o600 });
  await Deno.truncate(path, bytes);
}
