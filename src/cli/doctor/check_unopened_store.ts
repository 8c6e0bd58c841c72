import { composeLog, type ComposeOptions } from "../../compose.ts";
import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { Mask } from "../../log/mask.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Secret } from "../../secret.ts";
import { hasStore } from "../../store/has_store.ts";
import { inspectKvFile } from "../../store/kv/inspect_kv_file.ts";
import { isBusy } from "../../store/kv/deno_kv.ts";
import { startError } from "../../store/kv/open_kv_at.ts";
import type { StorePlace } from "../../store/files/store_place.ts";
import { probeStoreFolder } from "../../store/files/probe_store_folder.ts";
import { shownPlace } from "../../store/files/shown_place.ts";
import { type Check, ok, skip } from "./check.ts";
import { checkJournalPlace } from "./check_journal.ts";
import { checkSharing } from "./check_sharing.ts";
import { checkKeyOfVariable, checkNewStoreKey } from "./check_store_key.ts";
import type { DoctorMachine } from "./doctor_machine.ts";
import { statOf } from "./stat_of.ts";

/** Number of tries, and pause between them: a server that is writing holds SQLite's lock for milliseconds. */
const BUSY_TRIES = 20;
const BUSY_CHECK_PAUSE_MS = 100;

/**
 * Checks a store that must not be opened: it does not exist yet, or another user owns it and could not use the files
 * that this user would make next to it.
 *
 * @returns `undefined` for a store that may be opened.
 * @throws StartError for what would keep a start from making the store.
 */
export async function checkUnopenedStore(
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
        return [
          ...await checkOfAnotherUser({ path: place.path, userId: found.uid, clock }),
          ...await checkSharing(place.path, os, machine),
          await keyOfAnotherUser(found.uid, serverKey),
        ];
      }
      // The start refuses what is not a file.
      if (found !== undefined && !found.isFile) return undefined;
      const nearest = await probeStoreFolder(place, os);
      return [
        notMade(place, {
          en: "none yet; a start makes it, and the folder is writable",
          zh: "尚未创建；服务启动时会创建，所在文件夹可写",
        }),
        skip("store files", { en: "there are none yet", zh: "尚未创建" }),
        ...await checkSharing(place.path, os, machine, nearest),
        await checkNewStoreKey(place, serverKey, platform),
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
        await checkNewStoreKey(place, serverKey, platform),
      ];
    }
  }
}

function notMade(place: StorePlace, state: Phrase): Check {
  const where = shownPlace(place);
  return ok("store", { en: `${where.en}: ${state.en}`, zh: `${where.zh}：${state.zh}` });
}

/** Reads the file without opening it as a store. */
async function checkOfAnotherUser(
  { path, userId, clock }: { readonly path: string; readonly userId: number; readonly clock: Clock },
): Promise<Check[]> {
  try {
    await inspectWhenFree(path, clock);
  } catch (error) {
    throw asItsUser(startError({ kind: "file", path }, error), userId);
  }
  return [
    ok("store", {
      en: `${path}: intact; inspected and not opened, since it belongs to user ${userId}. ` +
        `To check whether that user can write to it, run doctor as that user`,
      zh:
        `${path}：完好；因其属于用户 ${userId}，只查看而未打开。要检查该用户能否写入，请以该用户身份运行 doctor`,
    }),
    skip("store files", notOpened(userId)),
  ];
}

async function keyOfAnotherUser(userId: number, serverKey: Secret | undefined): Promise<Check> {
  return serverKey === undefined ? skip("store key", notOpened(userId)) : await checkKeyOfVariable(serverKey);
}

function notOpened(userId: number): Phrase {
  return {
    en: `the store belongs to user ${userId} and was not opened`,
    zh: `存储属于用户 ${userId}，未打开`,
  };
}

async function inspectWhenFree(path: string, clock: Clock): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      return await inspectKvFile(path);
    } catch (error) {
      if (!isBusy(error) || tries >= BUSY_TRIES) throw error;
      await clock.sleep(BUSY_CHECK_PAUSE_MS);
    }
  }
}

function asItsUser({ problem }: StartError, userId: number): StartError {
  return new StartError(problem, {
    nextStep: {
      en: `it belongs to user ${userId}: run doctor as that user, for instance with sudo -u '#${userId}'`,
      zh: `它属于用户 ${userId}：请以该用户身份运行 doctor，例如加上 sudo -u '#${userId}'`,
    },
  });
}
