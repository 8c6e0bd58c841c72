import * as z from "zod";
import { defined } from "../../defined.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type {
  CheckedOptions,
  Consumed,
  ListedValue,
  PutOptions,
  SealedValues,
  ValueForm,
} from "../../ports/sealed_values.ts";
import type { Versioned, WriteOutcome } from "../../ports/store.ts";
import { base64url } from "../files/bytes.ts";
import { storeUnavailable } from "../files/store_unavailable.ts";
import type { AtomicKv, KvSet } from "../kv/atomic_kv.ts";
import { KEY_ROOT } from "../kv/key_root.ts";
import { MOST_VALUE_BYTES } from "../kv/most_value_bytes.ts";
import type { AppKeys } from "../sealing/keyring.ts";
import { KvSealedChange } from "./kv_sealed_change.ts";

const VALUE_NONCE_BYTES = 12;
/** Rounds of one attempt to take a value. A round is repeated when another process has written the value. */
const CONSUME_ROUNDS = 10;
/** Life of the note that a value without an end was taken, in milliseconds. No consumer tries for longer. */
const TAKEN_KEPT_MS = 24 * 60 * 60 * 1_000;

const storedSchema = z.object({
  v: z.literal(1),
  kid: z.string(),
  sealed: z.instanceof(Uint8Array<ArrayBuffer>),
});

/** What is sealed. Once a consumer has the value, `takenBy` replaces it. */
const contentSchema = z.object({
  name: z.string(),
  endsAtMs: z.number().nullable(),
  value: z.unknown().optional(),
  takenBy: z.string().optional(),
});

type Content = z.infer<typeof contentSchema>;

/** A key as it was read. */
interface Found {
  readonly content: Content | null;
  readonly version: string | null;
}

/** The values of one namespace in Deno KV. */
export class KvSealedValues<T> implements SealedValues<T> {
  readonly #options: KvSealedValuesOptions<T>;

  /** For one namespace. */
  constructor(options: KvSealedValuesOptions<T>) {
    this.#options = options;
  }

  /**
   * The value under `name`.
   *
   * @throws TokenError `store_unavailable` or `store_unreadable`.
   */
  async get(name: string): Promise<Versioned<T>> {
    const key = await this.#keyOf(name);
    const { content, version } = await this.#find(key);
    return { value: content === null ? null : this.#valueIn(content, key), version };
  }

  /** Writes the value under `name`. */
  async put(name: string, value: T, { endsAtMs, check, deadlineMs }: PutOptions): Promise<WriteOutcome> {
    const set = await this.#seal(name, { name, endsAtMs, value: this.#options.encode(value) });
    return await this.#commit(set.key, check, { sets: [set], deadlineMs });
  }

  /** Removes the value under `name`. */
  async remove(name: string, { check, deadlineMs }: CheckedOptions): Promise<WriteOutcome> {
    const key = await this.#keyOf(name);
    return await this.#commit(key, check, { deletes: [key], deadlineMs });
  }

  /**
   * Takes the value under `name`. The consumer replaces the value by a nonce of its own, with a check on the version. A
   * commit that failed, or was not answered, may still have landed: the key is read again, and shows the nonce if so.
   *
   * @throws TokenError `store_unavailable` or `store_unreadable`.
   */
  async consume(name: string, deadlineMs: number): Promise<Consumed<T>> {
    const { random, clock } = this.#options;
    const key = await this.#keyOf(name);
    const takenBy = base64url(random.bytes(VALUE_NONCE_BYTES));
    const untilMs = clock.monotonic() + deadlineMs;
    let value: T | null = null;
    for (let round = 0; round < CONSUME_ROUNDS; round++) {
      const found = await this.#find(key).catch((error: unknown) => {
        // The commit of an earlier round may have landed.
        if (round > 0 && error instanceof TokenError && error.code === "store_unavailable") return null;
        throw error;
      });
      if (found === null) return { kind: "unknown" };
      const { content, version } = found;
      if (content === null) return { kind: "absent" };
      if (content.takenBy !== undefined) {
        return content.takenBy === takenBy && value !== null ? { kind: "taken", value } : { kind: "absent" };
      }
      value = this.#valueIn(content, key);
      if (value === null) return { kind: "absent" };
      const endsAtMs = content.endsAtMs ?? clock.now() + TAKEN_KEPT_MS;
      const set = await this.#seal(name, { name, endsAtMs, takenBy });
      const leftMs = untilMs - clock.monotonic();
      if (leftMs <= 0) break;
      const outcome = await this.#commit(key, version, { sets: [set], deadlineMs: leftMs });
      if (outcome.kind === "ok") return { kind: "taken", value };
    }
    return { kind: "unknown" };
  }

  /**
   * Every value that has not ended.
   *
   * @throws TokenError `store_unavailable` or `store_unreadable`.
   */
  async *list(onUnreadable: (error: TokenError) => void = rethrow): AsyncGenerator<ListedValue<T>> {
    const { kv, namespace } = this.#options;
    for await (const { key, value: stored, versionstamp } of kv.list([KEY_ROOT, "value", namespace])) {
      try {
        const content = await this.#open(key, stored);
        const value = this.#valueIn(content, key);
        if (value !== null) yield { name: content.name, value, version: versionstamp };
      } catch (error) {
        if (!(error instanceof TokenError) || error.code !== "store_unreadable") throw error;
        onUnreadable(error);
      }
    }
  }

  /** The write or removal of a value, for a record's atomic write. */
  async change(name: string, value: T | null, endsAtMs: number | null): Promise<KvSealedChange> {
    if (value === null) return new KvSealedChange({ deletes: [await this.#keyOf(name)] });
    const set = await this.#seal(name, { name, endsAtMs, value: this.#options.encode(value) });
    return new KvSealedChange({ sets: [set] });
  }

  /** The condition that a value is as it was read, for a record's atomic write. */
  async unchanged(name: string, version: string | null): Promise<KvSealedChange> {
    return new KvSealedChange({ checks: [{ key: await this.#keyOf(name), versionstamp: version }] });
  }

  async #commit(
    key: Deno.KvKey,
    check: string | null | undefined,
    write: Omit<Parameters<AtomicKv["commit"]>[0], "checks">,
  ): Promise<WriteOutcome> {
    const bytes = Math.max(0, ...(write.sets ?? []).map(({ value }) => sealedBytes(value)));
    if (bytes > MOST_VALUE_BYTES) return { kind: "too large", bytes };
    const checks = check === undefined ? [] : [{ key, versionstamp: check }];
    return await this.#options.kv.commit({ ...write, checks });
  }

  async #find(key: Deno.KvKey): Promise<Found> {
    const [entry] = await this.#options.kv.getMany([key]);
    if (entry === undefined) throw storeUnavailable({ en: "an incomplete answer", zh: "返回不完整" });
    if (entry.versionstamp === null) return { content: null, version: null };
    return { content: await this.#open(key, entry.value), version: entry.versionstamp };
  }

  #valueIn({ endsAtMs, value, takenBy }: Content, key: Deno.KvKey): T | null {
    const { clock, decode } = this.#options;
    if (takenBy !== undefined || (endsAtMs !== null && endsAtMs <= clock.now())) return null;
    try {
      return decode(value);
    } catch (error) {
      throw unreadable(key.join("/"), error);
    }
  }

  async #keyOf(name: string): Promise<Deno.KvKey> {
    const { keys, namespace } = this.#options;
    return [KEY_ROOT, "value", namespace, await keys.hash(`value ${JSON.stringify([namespace, name])}`)];
  }

  async #seal(name: string, content: Content): Promise<KvSet> {
    const { keys: { sealer }, clock } = this.#options;
    const key = await this.#keyOf(name);
    const sealed = await sealer.seal(content, { place: key.join("/"), part: "value" });
    const { endsAtMs } = content;
    const expireIn = endsAtMs === null ? undefined : Math.max(0, Math.floor(endsAtMs - clock.now()));
    return { key, value: { v: 1, kid: sealer.keyId, sealed }, ...defined({ expireIn }) };
  }

  async #open(key: Deno.KvKey, stored: unknown): Promise<Content> {
    const place = key.join("/");
    const parsed = storedSchema.safeParse(stored);
    if (!parsed.success) throw unreadable(place);
    const { kid, sealed } = parsed.data;
    const sealer = this.#options.keys.openers.get(kid);
    if (sealer === undefined) throw unreadable(place);
    try {
      return contentSchema.parse(await sealer.open(sealed, { place, part: "value" }));
    } catch (error) {
      throw unreadable(place, error);
    }
  }
}

/** What {@linkcode KvSealedValues} needs. */
export interface KvSealedValuesOptions<T> extends ValueForm<T> {
  /** The database. */
  readonly kv: AtomicKv;
  /** Keys for sealing values and hashing names. */
  readonly keys: AppKeys;
  /** Tells whether a value has ended. */
  readonly clock: Clock;
  /** Nonces of consumers. */
  readonly random: Random;
}

function rethrow(error: TokenError): never {
  throw error;
}

function sealedBytes(value: unknown): number {
  const parsed = storedSchema.safeParse(value);
  return parsed.success ? parsed.data.sealed.byteLength : 0;
}

function unreadable(place: string, cause?: unknown): TokenError {
  return new TokenError("store_unreadable", { detail: { en: place, zh: place }, cause });
}
