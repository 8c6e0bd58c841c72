import { type ComposedServer, type ComposeOptions, composeServer } from "../../compose.ts";
import type { ConfigSources } from "../../config.ts";
import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { parentFolder, resolvePlace, type StorePlace } from "../../store/files/store_place.ts";
import { SCHEMA_VERSION } from "../../store/store_schema.ts";
import { shownPlace } from "../../store/files/shown_place.ts";
import { storeFiles } from "../../store/files/store_files.ts";
import { lackingPermissions } from "../surroundings/lacking_permissions.ts";
import { type Check, fail, failWith, ok, skip, warn } from "./check.ts";
import { checkKeptLogins } from "./check_kept_logins.ts";
import { checkJournal } from "./check_journal.ts";
import { checkSharing } from "./check_sharing.ts";
import { checkStoreKey } from "./check_store_key.ts";
import { checkUnopenedStore } from "./check_unopened_store.ts";
import type { DoctorMachine } from "./doctor_machine.ts";
import { statOf } from "./stat_of.ts";

const CHECKED_STORE_CLOSE_DEADLINE_MS = 5_000;
const MODE_OF_OTHERS = 0o077;
const NOT_KEPT: Phrase = { en: "it does not keep what is written to it", zh: "写入的内容没有保存下来" };
const CHECK_DISK: Phrase = { en: "Check the disk and its free space.", zh: "请检查磁盘及其剩余空间。" };

/**
 * Checks the store. A store that exists is opened as a start opens it: its files are made private, and pairs that a
 * killed process left in the journal are written back. No store is made. A store of another user is inspected without
 * opening it, since the files that this user would make next to it are of no use to the server.
 */
export async function checkStore(
  options: CheckedStoreOptions,
  machine: DoctorMachine,
): Promise<Check[]> {
  const { platform: { os, env }, config, storeFile } = options;
  let place: StorePlace;
  try {
    place = resolvePlace({ kv: config.kv, fileName: storeFile, os, env });
    const unopened = await checkUnopenedStore(place, options, machine);
    if (unopened !== undefined) return unopened;
  } catch (error) {
    return [await failure(error)];
  }
  const before = place.kind === "file" ? await filesBefore(place, os) : undefined;
  const { opened, journal, logins } = await checkOpening(options, place);
  const isThere = opened.status === "ok" || (before?.exists ?? false);
  const files = before === undefined
    ? []
    : [isThere ? checkFiles(before) : skip("store files", { en: "there are none yet", zh: "尚未创建" })];
  const shared = place.kind === "file" ? await checkSharing(place.path, os, machine) : [];
  const closed: Phrase = { en: "the store does not open", zh: "存储无法打开" };
  const key = opened.status === "ok"
    ? await checkStoreKey(place, config.serverKey, options.platform)
    : skip("store key", closed);
  return [
    ...[opened, ...(journal === undefined ? [] : [journal]), ...files, ...shared, key],
    logins ?? skip("kept logins", closed),
  ];
}

/** What {@linkcode checkStore} needs. */
export interface CheckedStoreOptions extends ComposeOptions {
  /** Of the settings. */
  readonly sources: ConfigSources;
  /** Told of the opened store: it may hold the app that counts. */
  readonly onOpened?: (server: Pick<ComposedServer, "credentials" | "at">) => void;
}

/** What is found by opening the store. */
interface Opening {
  readonly opened: Check;
  readonly journal?: Check;
  /** Absent where the store does not work. */
  readonly logins?: Check;
}

async function checkOpening(options: CheckedStoreOptions, place: StorePlace): Promise<Opening> {
  const { platform, sources, config, clock } = options;
  try {
    const server = await composeServer(options);
    let logins: Check;
    try {
      options.onOpened?.(server);
      const { ok: isOk, reason = NOT_KEPT } = await server.tokens.health();
      if (!isOk) return { opened: fail("store", reason, CHECK_DISK) };
      logins = await checkKeptLogins({ server, shell: { platform, sources, config }, nowMs: clock.now() });
    } finally {
      await server.close(CHECKED_STORE_CLOSE_DEADLINE_MS);
    }
    const opened = checkPlace(place, config.sandbox.kind === "embedded");
    const needsCheck = place.kind === "remote" || server.tooLargePairs.length > 0;
    return { opened, logins, ...(needsCheck ? { journal: checkJournal(server, platform.os) } : {}) };
  } catch (error) {
    return { opened: await failure(error) };
  }
}

function checkPlace(place: StorePlace, isSandbox: boolean): Check {
  if (place.kind === "memory" && isSandbox) {
    return ok("store", { en: "in memory, like the sandbox itself", zh: "与沙箱一样在内存中" });
  }
  if (place.kind === "memory") {
    return warn("store", {
      en: "in memory: every token is lost when the server ends",
      zh: "在内存中：服务结束后所有令牌都会丢失",
    }, {
      en: "Unset --kv and FEISHU_TOKEN_KV to keep them.",
      zh: "要保留令牌，请去掉 --kv 和 FEISHU_TOKEN_KV。",
    });
  }
  const where = shownPlace(place);
  return ok("store", {
    en: `${where.en}: can be read and written, schema ${SCHEMA_VERSION}`,
    zh: `${where.zh}：可读写，结构版本 ${SCHEMA_VERSION}`,
  });
}

interface FilesBefore {
  readonly exists: boolean;
  /** Paths that other users may access, as `path (0644)`. */
  readonly open: readonly string[];
  readonly hasModes: boolean;
  /** Whether the folder is this program's own, so that its mode matters. */
  readonly ownFolder: boolean;
}

/** The state before the store is opened, which makes the files private. */
async function filesBefore(
  place: Extract<StorePlace, { readonly kind: "file" }>,
  os: typeof Deno.build.os,
): Promise<FilesBefore> {
  const files = storeFiles(place.path);
  // A folder that the user has named may be for anybody: there only the files' modes matter.
  const folders = place.ownFolder ? [parentFolder(place.path, os), files.journal] : [files.journal];
  const open: string[] = [];
  const note = (path: string, mode: number | undefined): void => {
    if (mode !== undefined && (mode & MODE_OF_OTHERS) !== 0) open.push(`${path} (${octal(mode)})`);
  };
  for (const path of folders) note(path, (await statOf(path))?.mode ?? undefined);
  for (const path of [files.database, files.wal, files.shm, files.key]) note(path, await fileMode(path));
  return {
    exists: await fileMode(place.path) !== undefined,
    open,
    hasModes: os !== "windows",
    ownFolder: place.ownFolder === true,
  };
}

function checkFiles({ open, hasModes, ownFolder }: FilesBefore): Check {
  if (!hasModes) {
    return ok("store files", {
      en: "in your own data directory, whose inherited permissions keep others out",
      zh: "位于用户自己的数据目录，其继承的权限只对本人开放",
    });
  }
  if (open.length === 0) {
    return ok("store files", {
      en: `only their owner may access them (${ownFolder ? "folder 0700, files 0600" : "0600"})`,
      zh: `只有所有者可以访问（${ownFolder ? "文件夹 0700，文件 0600" : "0600"}）`,
    });
  }
  return warn("store files", {
    en: `other users could read ${open.join(", ")}`,
    zh: `其他用户可以读取 ${open.join("、")}`,
  }, {
    en:
      "Opening the store makes them private where it may; if others use this machine, let the users authorize the app again.",
    zh: "打开存储时会尽可能收回这些权限；如果本机还有其他人使用，请让用户重新授权该应用。",
  });
}

async function failure(error: unknown): Promise<Check> {
  const name = "store";
  const told = await lackingPermissions(error, "doctor") ?? error;
  if (told instanceof StartError) return failWith(name, told);
  const thrown = error instanceof Error ? error.name : typeof error;
  return fail(name, { en: `it cannot be opened (${thrown})`, zh: `无法打开（${thrown}）` }, {
    en: "Report the problem, with this line.",
    zh: "请反馈此问题，并附上这一行。",
  });
}

/** Mode of a file; `undefined` for a folder, which is none of the store's. */
async function fileMode(path: string): Promise<number | undefined> {
  const found = await statOf(path);
  return found?.isFile ? found.mode ?? 0 : undefined;
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, "0");
}
