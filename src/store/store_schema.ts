import * as z from "zod";
import { StartError } from "../errors/start_error.ts";
import type { Random } from "../ports/random.ts";
import { base64url, type Bytes, fromBase64 } from "./files/bytes.ts";
import { SCHEMA_KEY } from "./records/keys.ts";
import type { AtomicKv } from "./kv/atomic_kv.ts";
import { Sealer } from "./sealing/sealer.ts";
import { SERVER_KEY_BYTES, type ServerKey, type ServerKeys } from "./sealing/server_key.ts";

/** Version of the form of everything in the store. */
export const SCHEMA_VERSION = 1;
/** First version of this program that reads {@linkcode SCHEMA_VERSION}: an older one reads this and names it. */
const NEEDS_PROGRAM = "0.1.0";
const WRITE_DEADLINE_MS = 5_000;
const WRITE_ROUNDS = 5;
const NAMES_CONTEXT = { place: SCHEMA_KEY.join("/"), part: "names" } as const;

/** What the description has in every version: enough to say which program reads it. */
const versionSchema = z.looseObject({ schema: z.number().int().min(1), needs: z.string() });

const schemaRecord = z.looseObject({
  hadAppKeys: z.boolean().exactOptional(),
  names: z.object({ kid: z.string(), sealed: z.instanceof(Uint8Array<ArrayBuffer>) }).exactOptional(),
});

/** The store's description. */
export interface StoreSchema {
  /** Whether records may still be named and sealed by their app's secret: the store had no server key at first. */
  readonly hadAppKeys?: boolean;
  /** The store's name key, sealed with a server key; absent where each app's secret is its key. */
  readonly names?: {
    /** Id of the server key that sealed it. */
    readonly kid: string;
    readonly sealed: Bytes;
  };
}

/**
 * Reads the store's description; `null` for a new store.
 *
 * @throws StartError when the store is newer than this program, or the description is damaged.
 * @throws TokenError `store_unavailable`.
 */
export async function readSchema(kv: AtomicKv): Promise<StoreSchema | null> {
  return (await readVersioned(kv)).schema;
}

/** What the description of a store says. */
export interface OpenedSchema {
  /**
   * Names records: random, made with the store, and sealed with a server key, so that the server key can be rotated
   * without renaming anything. `null` where each app's secret is its key.
   */
  readonly nameKey: Bytes | null;
  /** Whether the store was given its server key later, so that records may still have their former names. */
  readonly hadAppKeys: boolean;
}

/**
 * Returns the name key. Writes the description into a new store, gives a store without a server key the first one, and
 * seals the name key again where another server key is the first now.
 *
 * @param newNameKey the name key for a new store.
 * @throws StartError when the store is newer than this program, or was made with another key.
 * @throws TokenError `store_unavailable`.
 */
export async function openSchema(
  kv: AtomicKv,
  keys: ServerKeys,
  random: Random,
  newNameKey: Bytes = random.bytes(SERVER_KEY_BYTES),
): Promise<OpenedSchema> {
  for (let round = 0; round < WRITE_ROUNDS; round++) {
    const { schema, versionstamp } = await readVersioned(kv);
    const opened = schema === null ? null : await openNames(schema, keys, random);
    const hadAppKeys = schema !== null && keys !== null && (schema.hadAppKeys ?? schema.names === undefined);
    if (opened?.isCurrent) return { nameKey: opened.nameKey, hadAppKeys };
    const nameKey = keys === null ? null : opened?.nameKey ?? newNameKey;
    const names = keys === null || nameKey === null
      ? {}
      : { names: await sealNames(nameKey, keys[0], random) };
    const value = {
      schema: SCHEMA_VERSION,
      needs: NEEDS_PROGRAM,
      ...names,
      ...(hadAppKeys ? { hadAppKeys } : {}),
    };
    const outcome = await kv.commit({
      checks: [{ key: SCHEMA_KEY, versionstamp }],
      sets: [{ key: SCHEMA_KEY, value }],
      deadlineMs: WRITE_DEADLINE_MS,
    });
    if (outcome.kind === "ok") return { nameKey, hadAppKeys };
    // Another process wrote the description at the same time, or the outcome is unknown: read it again.
  }
  throw new StartError({ en: "The token store cannot be written", zh: "无法写入令牌存储" }, {
    nextStep: {
      en: "check its disk, its owner and FEISHU_TOKEN_KV",
      zh: "请检查其磁盘、所有者和 FEISHU_TOKEN_KV",
    },
  });
}

async function readVersioned(
  kv: AtomicKv,
): Promise<{ readonly schema: StoreSchema | null; readonly versionstamp: string | null }> {
  const [entry] = await kv.getMany([SCHEMA_KEY]);
  if (entry === undefined || entry.versionstamp === null) return { schema: null, versionstamp: null };
  const version = versionSchema.safeParse(entry.value);
  if (!version.success) throw damaged();
  const { schema, needs } = version.data;
  if (schema > SCHEMA_VERSION) {
    throw new StartError({
      en: `The token store has schema ${schema}, this program reads up to ${SCHEMA_VERSION}`,
      zh: `令牌存储的结构版本为 ${schema}，本程序最高支持 ${SCHEMA_VERSION}`,
    }, {
      nextStep: { en: `use version ${needs} or newer`, zh: `请使用 ${needs} 或更新的版本` },
    });
  }
  const record = schemaRecord.safeParse(entry.value);
  if (!record.success) throw damaged();
  return { schema: record.data, versionstamp: entry.versionstamp };
}

async function openNames(
  { names }: StoreSchema,
  keys: ServerKeys,
  random: Random,
): Promise<{ readonly nameKey: Bytes | null; readonly isCurrent: boolean }> {
  if (keys === null) {
    if (names === undefined) return { nameKey: null, isCurrent: true };
    throw new StartError({
      en: `The token store was made with the server key "${names.kid}"`,
      zh: `令牌存储是用服务密钥 "${names.kid}" 创建的`,
    }, { nextStep: { en: "set FEISHU_TOKEN_KEY to it", zh: "请将 FEISHU_TOKEN_KEY 设为该密钥" } });
  }
  if (names === undefined) return { nameKey: null, isCurrent: false };
  const key = keys.find((each) => each.id === names.kid);
  if (key === undefined) {
    const given = keys.map((each) => `"${each.id}"`).join(", ");
    throw new StartError({
      en: `The token store was made with the key "${names.kid}", and the key given is ${given}`,
      zh: `令牌存储是用密钥 "${names.kid}" 创建的，而提供的密钥是 ${given}`,
    }, {
      nextStep: {
        en:
          "set FEISHU_TOKEN_KEY (or restore the .key file next to the store) to the one it was made with; " +
          "nothing was overwritten",
        zh: "请将 FEISHU_TOKEN_KEY（或存储旁的 .key 文件）恢复为创建时的密钥；没有任何内容被覆盖",
      },
    });
  }
  try {
    const sealer = await Sealer.create(key, random);
    const opened = await sealer.open(names.sealed, NAMES_CONTEXT);
    return { nameKey: fromBase64(z.string().parse(opened)), isCurrent: key === keys[0] };
  } catch (error) {
    throw new StartError({
      en: `The token store was made with another key of the same id "${names.kid}"`,
      zh: `令牌存储是用另一个 ID 同为 "${names.kid}" 的密钥创建的`,
    }, {
      nextStep: {
        en: "set FEISHU_TOKEN_KEY to that one; nothing was overwritten",
        zh: "请将 FEISHU_TOKEN_KEY 设为创建时的那个；没有任何内容被覆盖",
      },
      cause: error,
    });
  }
}

async function sealNames(
  nameKey: Bytes,
  key: ServerKey,
  random: Random,
): Promise<{ readonly kid: string; readonly sealed: Bytes }> {
  const sealer = await Sealer.create(key, random);
  return { kid: key.id, sealed: await sealer.seal(base64url(nameKey), NAMES_CONTEXT) };
}

function damaged(): StartError {
  return new StartError({ en: "The token store's description is damaged", zh: "令牌存储的描述信息已损坏" }, {
    nextStep: { en: "restore the store from a backup", zh: "请从备份恢复该存储" },
  });
}
