import { resolve } from "node:path";
import {
  type ComposedServer,
  composeLog,
  type ComposeOptions,
  composeServer,
  type Platform,
} from "../../compose.ts";
import type { Phrase } from "../../errors/language.ts";
import { sentence } from "../../errors/sentence.ts";
import { StartError } from "../../errors/start_error.ts";
import { verbatim } from "../../errors/verbatim.ts";
import { Mask } from "../../log/mask.ts";
import type { Secret } from "../../secret.ts";
import { hasStore } from "../../store/has_store.ts";
import { inspectKvFile } from "../../store/inspect_kv_file.ts";
import { journalPlace } from "../../store/journal_place.ts";
import { readKeyFile } from "../../store/key_file.ts";
import { startError } from "../../store/open_kv.ts";
import { parentFolder, resolvePlace, type StorePlace } from "../../store/place.ts";
import { probeStoreFolder } from "../../store/probe_store_folder.ts";
import { SCHEMA_VERSION } from "../../store/schema.ts";
import { parseServerKeys } from "../../store/server_key.ts";
import { shownPlace } from "../../store/shown_place.ts";
import { storeFiles } from "../../store/store_files.ts";
import { withoutJournal } from "../without_journal.ts";
import { type Check, type CheckName, fail, failWith, ok, skip, warn } from "./check.ts";
import type { DoctorMachine } from "./doctor_machine.ts";
import { sharedFolder } from "./shared_folder.ts";

const CLOSE_DEADLINE_MS = 5_000;
const OF_OTHERS = 0o077;
const NOT_KEPT: Phrase = { en: "it does not keep what is written", zh: "写入的内容没有保存下来" };
const CHECK_DISK: Phrase = { en: "Check the disk and its free space.", zh: "请检查磁盘及其剩余空间。" };

/**
 * The store. One that is there is opened as a start opens it: files that others may read are closed to them, and what a
 * killed process left behind is written back. None is made, and one of another user is looked at without opening it: what
 * this user makes beside it, the server could not use.
 */
export async function checkStore(options: ComposeOptions, machine: DoctorMachine): Promise<Check[]> {
  const { platform: { os, env }, config, storeFile } = options;
  let place: StorePlace;
  try {
    place = resolvePlace({ kv: config.kv, fileName: storeFile, os, env });
    const unopened = await checkWithoutOpening(place, options, machine);
    if (unopened !== undefined) return unopened;
  } catch (error) {
    return [failure("store", error)];
  }
  const before = place.kind === "file" ? await filesBefore(place, os) : undefined;
  const [opened, ...journal] = await checkOpening(options, place);
  const isThere = opened.status === "ok" || (before?.exists ?? false);
  const files = before === undefined
    ? []
    : [isThere ? checkFiles(before) : skip("store files", { en: "there are none yet", zh: "尚未创建" })];
  const shared = place.kind === "file" ? await checkSharing(place.path, os, machine) : [];
  const key = opened.status === "ok"
    ? await checkKey(place, config.serverKey, options.platform)
    : skip("store key", { en: "the store does not open", zh: "存储无法打开" });
  return [opened, ...journal, ...files, ...shared, key];
}

/** `undefined` where the store is to be opened. */
async function checkWithoutOpening(
  place: StorePlace,
  { platform, config }: ComposeOptions,
  machine: DoctorMachine,
): Promise<Check[] | undefined> {
  const { os, env, openKv, clock, random } = platform;
  const { serverKey } = config;
  switch (place.kind) {
    case "memory":
      return undefined;
    case "file": {
      const found = await statOf(place.path);
      if (found?.isFile && found.size > 0) {
        const userId = await machine.userId();
        if (userId === undefined || found.uid === null || found.uid === userId) return undefined;
        return await checkOfAnotherUser(place.path, found.uid, serverKey);
      }
      // What is no file there, the start refuses.
      if (found !== undefined && !found.isFile) return undefined;
      const nearest = await probeStoreFolder(place, os);
      return [
        notMade(place, {
          en: "none yet; a start makes it, and the folder can be written",
          zh: "尚未创建；服务启动时会创建，所在文件夹可写",
        }),
        ...await checkSharing(place.path, os, machine, nearest),
        await checkNewKey(place, serverKey, platform),
      ];
    }
    case "remote":
    case "platform": {
      const log = composeLog(platform, config, new Mask());
      if (await hasStore({ place, openKv, clock, random, log })) return undefined;
      return [
        notMade(place, {
          en: "can be read, no store yet; a start makes it",
          zh: "可读取，尚无存储；服务启动时会创建",
        }),
        ...place.kind === "remote" ? [await checkJournalPlace(place, { os, env })] : [],
        await checkNewKey(place, serverKey, platform),
      ];
    }
  }
}

function notMade(place: StorePlace, state: Phrase): Check {
  const where = shownPlace(place);
  return ok("store", { en: `${where.en}: ${state.en}`, zh: `${where.zh}：${state.zh}` });
}

/** A file that is sound for all that can be seen from outside. */
async function checkOfAnotherUser(
  path: string,
  userId: number,
  serverKey: Secret | undefined,
): Promise<Check[]> {
  try {
    await inspectKvFile(path);
  } catch (error) {
    throw asItsUser(startError({ kind: "file", path }, error), userId);
  }
  const notOpened: Phrase = {
    en: `the store belongs to user ${userId} and was not opened`,
    zh: `存储属于用户 ${userId}，未打开`,
  };
  return [
    ok("store", {
      en: `${path}: sound, looked at and not opened, since it belongs to user ${userId}. ` +
        `What that user may write is seen by running doctor as that user`,
      zh:
        `${path}：完好；因其属于用户 ${userId}，只查看而未打开。要检查该用户能否写入，请以该用户身份运行 doctor`,
    }),
    serverKey === undefined ? skip("store key", notOpened) : await checkKeyOfVariable(serverKey),
  ];
}

function asItsUser({ problem }: StartError, userId: number): StartError {
  return new StartError(problem, {
    nextStep: {
      en: `it belongs to user ${userId}: run doctor as that user, for instance with sudo -u '#${userId}'`,
      zh: `它属于用户 ${userId}：请以该用户身份运行 doctor，例如加上 sudo -u '#${userId}'`,
    },
  });
}

async function checkJournalPlace(
  place: StorePlace,
  { os, env }: Pick<Platform, "os" | "env">,
): Promise<Check> {
  try {
    await journalPlace(place, { os, env });
    return checkJournal({ tooLargePairs: [], journalProblem: undefined }, os);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return checkJournal({ tooLargePairs: [], journalProblem: error.problem }, os);
  }
}

/** The key that a start would make the store with. */
async function checkNewKey(
  place: StorePlace,
  serverKey: Secret | undefined,
  platform: Pick<Platform, "os" | "random">,
): Promise<Check> {
  if (place.kind !== "file" || serverKey !== undefined) return await checkKey(place, serverKey, platform);
  const { key } = storeFiles(place.path);
  if (await statOf(key) !== undefined) return await checkKey(place, serverKey, platform);
  return ok("store key", {
    en: `none yet; a start makes a random one in the file ${key}`,
    zh: `尚未创建；服务启动时会在文件 ${key} 中生成随机密钥`,
  });
}

async function checkOpening(
  options: ComposeOptions,
  place: StorePlace,
): Promise<readonly [Check, ...Check[]]> {
  try {
    const server = await composeServer(options);
    try {
      const { ok: isOk, reason = NOT_KEPT } = await server.tokens.health();
      if (!isOk) return [fail("store", reason, CHECK_DISK)];
    } finally {
      await server.close(CLOSE_DEADLINE_MS);
    }
    const opened = checkPlace(place, options.config.sandbox.kind === "embedded");
    const needsCheck = place.kind === "remote" || server.tooLargePairs.length > 0;
    return needsCheck ? [opened, checkJournal(server, options.platform.os)] : [opened];
  } catch (error) {
    return [failure("store", error)];
  }
}

function checkPlace(place: StorePlace, isSandbox: boolean): Check {
  if (place.kind === "memory" && isSandbox) {
    return ok("store", { en: "in memory, as the sandbox itself", zh: "与沙箱一样在内存中" });
  }
  if (place.kind === "memory") {
    return warn("store", {
      en: "in memory: every token is gone when the server ends",
      zh: "在内存中：服务结束后所有令牌都会丢失",
    }, {
      en: "Unset --kv and FEISHU_TOKEN_KV to keep them.",
      zh: "要保留令牌，请去掉 --kv 和 FEISHU_TOKEN_KV。",
    });
  }
  const where = shownPlace(place);
  return ok("store", {
    en: `${where.en}: written to and read from, schema ${SCHEMA_VERSION}`,
    zh: `${where.zh}：可读写，结构版本 ${SCHEMA_VERSION}`,
  });
}

/** Whether there is one: a KV file's is beside it, or the store does not open. And what will not leave it. */
function checkJournal(
  { journalProblem, tooLargePairs }: Pick<ComposedServer, "journalProblem" | "tooLargePairs">,
  os: typeof Deno.build.os,
): Check {
  if (tooLargePairs.length > 0) {
    const files = tooLargePairs.join(", ");
    return warn("store journal", {
      en: `only this machine has the pairs in ${files}: no database takes more than 64 KiB`,
      zh: `${files} 中的令牌对只保存在本机：数据库的单个值不能超过 64 KiB`,
    }, {
      en:
        "Leave the files where they are, and see that FEISHU_BASE_URL is Feishu's own: its tokens are far smaller.",
      zh: "请保留这些文件，并检查 FEISHU_BASE_URL 是否为飞书自己的地址：飞书的令牌远小于此。",
    });
  }
  if (journalProblem === undefined) {
    return ok("store journal", { en: "in your own data directory", zh: "位于用户自己的数据目录" });
  }
  const { problem, nextStep } = withoutJournal(journalProblem, os);
  return warn("store journal", problem, sentence(nextStep));
}

interface FilesBefore {
  readonly exists: boolean;
  /** Paths with the modes that let others in, as `path (0644)`. */
  readonly open: readonly string[];
  readonly hasModes: boolean;
  /** Whether the folder is this program's own, and its mode looked at. */
  readonly ownFolder: boolean;
}

/** Looked at before the store is opened, since that mends it. */
async function filesBefore(
  place: Extract<StorePlace, { readonly kind: "file" }>,
  os: typeof Deno.build.os,
): Promise<FilesBefore> {
  const files = storeFiles(place.path);
  // A folder that the user named may be anybody's: there the files' own modes are what counts.
  const folders = place.ownFolder ? [parentFolder(place.path, os), files.journal] : [files.journal];
  const open: string[] = [];
  const note = (path: string, mode: number | undefined): void => {
    if (mode !== undefined && (mode & OF_OTHERS) !== 0) open.push(`${path} (${octal(mode)})`);
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
      en: "in your own data directory, private by the rights that it inherits",
      zh: "位于用户自己的数据目录，其继承的权限只对本人开放",
    });
  }
  if (open.length === 0) {
    return ok("store files", {
      en: `open to their owner alone (${ownFolder ? "folder 0700, files 0600" : "0600"})`,
      zh: `只有所有者可以访问（${ownFolder ? "目录 0700，文件 0600" : "0600"}）`,
    });
  }
  return warn("store files", {
    en: `other users could read ${open.join(", ")}`,
    zh: `其他用户可以读取 ${open.join("、")}`,
  }, {
    en: "Opening the store closes them where it may; if others use this machine, let the users log in again.",
    zh: "打开存储时会尽可能收回这些权限；如果本机还有其他人使用，请让用户重新授权。",
  });
}

async function checkSharing(
  path: string,
  os: typeof Deno.build.os,
  machine: DoctorMachine,
  nearest?: string,
): Promise<Check[]> {
  const folder = os === Deno.build.os ? resolve(parentFolder(path, os)) : parentFolder(path, os);
  const shared = sharedFolder(folder, await machine.fileSystemType(nearest ?? folder));
  if (shared === undefined) {
    return [ok("store folder", {
      en: "on a disk of this machine, as far as can be told",
      zh: "在本机磁盘上（就目前所能判断）",
    })];
  }
  return [warn("store folder", {
    en:
      `${folder} is on ${shared.en}: a database there can be damaged, and copies of it spend the same refresh tokens`,
    zh: `${folder} 位于 ${shared.zh}：数据库在那里可能损坏，其副本还会用掉同样的 refresh_token`,
  }, {
    en: "Name a folder of this machine alone with --kv PATH or FEISHU_TOKEN_KV.",
    zh: "请用 --kv PATH 或 FEISHU_TOKEN_KV 指定只属于本机的目录。",
  })];
}

async function checkKey(
  place: StorePlace,
  serverKey: Secret | undefined,
  platform: Pick<Platform, "os" | "random">,
): Promise<Check> {
  if (serverKey !== undefined) return await checkKeyOfVariable(serverKey);
  switch (place.kind) {
    case "file": {
      const { key } = storeFiles(place.path);
      const id = (await readKeyFile(key, platform))?.id;
      return ok("store key", {
        en: `"${id ?? "?"}" from the file ${key}; without it the store does not open`,
        zh: `来自文件 ${key} 的 "${id ?? "?"}"；没有它就无法打开存储`,
      });
    }
    case "memory":
      return ok("store key", { en: "random, in memory", zh: "随机生成，只在内存中" });
    case "remote":
    case "platform":
      return warn("store key", {
        en: "made from the app secret: a reset app secret begins with an empty store",
        zh: "由 App Secret 派生：重置 App Secret 后，存储等于清空",
      }, {
        en: "Set FEISHU_TOKEN_KEY (`openssl rand -base64 32`) before the first use.",
        zh: "请在首次使用前设置 FEISHU_TOKEN_KEY（`openssl rand -base64 32`）。",
      });
  }
}

async function checkKeyOfVariable(serverKey: Secret): Promise<Check> {
  const [{ id }, ...older] = await parseServerKeys(serverKey);
  const others: Phrase = older.length === 0
    ? verbatim("")
    : { en: `, and ${older.length} older`, zh: `，另有 ${older.length} 个旧密钥` };
  return ok("store key", {
    en: `"${id}" from FEISHU_TOKEN_KEY${others.en}`,
    zh: `来自 FEISHU_TOKEN_KEY 的 "${id}"${others.zh}`,
  });
}

function failure(name: CheckName, error: unknown): Check {
  if (error instanceof StartError) return failWith(name, error);
  const thrown = error instanceof Error ? error.name : typeof error;
  return fail(name, { en: `it cannot be opened (${thrown})`, zh: `无法打开（${thrown}）` }, {
    en: "Report it, with this line.",
    zh: "请反馈此问题，并附上这一行。",
  });
}

/** A folder in a file's place is none of the store's. */
async function fileMode(path: string): Promise<number | undefined> {
  const found = await statOf(path);
  return found?.isFile ? found.mode ?? 0 : undefined;
}

async function statOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch {
    return undefined;
  }
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, "0");
}
