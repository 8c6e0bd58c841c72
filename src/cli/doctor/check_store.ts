import { resolve } from "node:path";
import { type ComposeOptions, composeServer } from "../../compose.ts";
import { StartError } from "../../errors/start_error.ts";
import type { Secret } from "../../secret.ts";
import { readKeyFile } from "../../store/key_file.ts";
import { parentFolder, resolvePlace, type StorePlace } from "../../store/place.ts";
import { SCHEMA_VERSION } from "../../store/schema.ts";
import { parseServerKeys } from "../../store/server_key.ts";
import { storeFiles } from "../../store/store_files.ts";
import { type Check, fail, failWith, ok, skip, warn } from "./check.ts";
import type { DoctorMachine } from "./doctor_machine.ts";
import { sharedFolder } from "./shared_folder.ts";

const CLOSE_DEADLINE_MS = 5_000;
const OF_OTHERS = 0o077;

/**
 * The store, opened as a start opens it: a missing one is made, files that others may read are closed to them, and what
 * a killed process left behind is written back.
 */
export async function checkStore(options: ComposeOptions, machine: DoctorMachine): Promise<Check[]> {
  const { platform: { os, env }, config, storeFile } = options;
  let place: StorePlace;
  try {
    place = resolvePlace({ kv: config.kv, fileName: storeFile, os, env });
  } catch (error) {
    return [failure("store", error)];
  }
  const before = place.kind === "file" ? await filesBefore(place, os) : undefined;
  const opened = await checkOpening(options, place, before?.exists ?? false);
  const files = before === undefined ? [] : [checkFiles(before)];
  const shared = place.kind === "file" ? await checkSharing(place.path, os, machine) : [];
  const key = opened.status === "ok"
    ? await checkKey(place, config.serverKey, os)
    : skip("store key", "the store does not open");
  return [opened, ...files, ...shared, key];
}

async function checkOpening(options: ComposeOptions, place: StorePlace, exists: boolean): Promise<Check> {
  try {
    const server = await composeServer(options);
    try {
      const { ok: isOk, reason } = await server.tokens.health();
      if (!isOk) {
        return fail(
          "store",
          reason ?? "it does not keep what is written",
          "Check the disk and its free space.",
        );
      }
    } finally {
      await server.close(CLOSE_DEADLINE_MS);
    }
  } catch (error) {
    return failure("store", error);
  }
  const made = place.kind === "file" && !exists ? ", made just now" : "";
  return place.kind === "memory"
    ? warn(
      "store",
      "in memory: every token is gone when the server ends",
      "Unset --kv and FEISHU_TOKEN_KV to keep them.",
    )
    : ok("store", `${described(place)}${made}: written to and read from, schema ${SCHEMA_VERSION}`);
}

function described(place: StorePlace): string {
  switch (place.kind) {
    case "file":
      return place.path;
    case "remote":
      return `the database at ${new URL(place.url).origin}`;
    case "platform":
      return "the platform's database";
    case "memory":
      return "memory";
  }
}

interface FilesBefore {
  readonly exists: boolean;
  /** Paths with the modes that let others in, as `path (0644)`. */
  readonly open: readonly string[];
  readonly hasModes: boolean;
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
  for (const path of [...folders, files.database, files.wal, files.shm, files.key]) {
    const mode = await modeOf(path);
    if (mode !== undefined && (mode & OF_OTHERS) !== 0) open.push(`${path} (${octal(mode)})`);
  }
  return { exists: await modeOf(place.path) !== undefined, open, hasModes: os !== "windows" };
}

function checkFiles({ open, hasModes }: FilesBefore): Check {
  if (!hasModes) {
    return ok("store files", "in your own data directory, private by the rights that it inherits");
  }
  if (open.length === 0) return ok("store files", "open to their owner alone (folder 0700, files 0600)");
  return warn(
    "store files",
    `other users could read ${open.join(", ")}`,
    "Opening the store closes them where it may; if others use this machine, let the users log in again.",
  );
}

async function checkSharing(
  path: string,
  os: typeof Deno.build.os,
  machine: DoctorMachine,
): Promise<Check[]> {
  const folder = os === Deno.build.os ? resolve(parentFolder(path, os)) : parentFolder(path, os);
  const shared = sharedFolder(folder, await machine.fileSystemType(folder));
  if (shared === undefined) return [ok("store folder", "on a disk of this machine, as far as can be told")];
  return [warn(
    "store folder",
    `${folder} is on ${shared}: a database there can be damaged, and copies of it spend the same refresh tokens`,
    "Name a folder of this machine alone with --kv PATH or FEISHU_TOKEN_KV.",
  )];
}

async function checkKey(
  place: StorePlace,
  serverKey: Secret | undefined,
  os: typeof Deno.build.os,
): Promise<Check> {
  if (serverKey !== undefined) {
    const [{ id }, ...older] = await parseServerKeys(serverKey);
    const others = older.length === 0 ? "" : `, and ${older.length} older`;
    return ok("store key", `"${id}" from FEISHU_TOKEN_KEY${others}`);
  }
  switch (place.kind) {
    case "file": {
      const { key } = storeFiles(place.path);
      const id = (await readKeyFile(key, os))?.id;
      return ok("store key", `"${id ?? "?"}" from the file ${key}; without it the store does not open`);
    }
    case "memory":
      return ok("store key", "random, in memory");
    case "remote":
    case "platform":
      return warn(
        "store key",
        "made from the app secret: a reset app secret begins with an empty store",
        "Set FEISHU_TOKEN_KEY (`openssl rand -base64 32`) before the first use.",
      );
  }
}

function failure(name: string, error: unknown): Check {
  if (error instanceof StartError) return failWith(name, error.message);
  return fail(name, `it cannot be opened (${error instanceof Error ? error.name : typeof error})`);
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(path)).mode ?? 0;
  } catch {
    return undefined;
  }
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, "0");
}
