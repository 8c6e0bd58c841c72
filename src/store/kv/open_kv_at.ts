import { defined } from "../../defined.ts";
import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { TokenError } from "../../errors/token_error.ts";
import { verbatim } from "../../errors/verbatim.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import { TIME_IS_UP, within } from "../../concurrency/within.ts";
import { ForeignDatabase } from "./foreign_database.ts";
import { isBusy } from "./deno_kv.ts";
import type { StorePlace } from "../files/store_place.ts";
import { UnfitFile } from "../files/unfit_file.ts";

/** Longest wait, in milliseconds: a start that fails says so within five seconds. */
const OPEN_DEADLINE_MS = 4_000;
const LOCKED_PAUSE_MS = 50;

/**
 * Opens the database at a place, with a deadline. Keeps trying while another process has the file locked.
 *
 * @throws StartError in one line; the reason of `signal` once that has aborted.
 */
export async function openKvAt(options: OpenKvOptions): Promise<Deno.Kv> {
  const { place, openKv, clock, random, prepare, signal } = options;
  const untilMs = clock.monotonic() + OPEN_DEADLINE_MS;
  for (;;) {
    signal?.throwIfAborted();
    try {
      await prepare?.();
      const opening = openKv(kvPath(place));
      const kv = await within(clock, untilMs - clock.monotonic(), opening);
      if (kv !== TIME_IS_UP) return kv;
      // It may still open, and is then closed.
      opening.then((late) => late.close()).catch(() => {});
      throw problemOf(place, DOES_NOT_ANSWER);
    } catch (error) {
      signal?.throwIfAborted();
      if (!isBusy(error) || clock.monotonic() >= untilMs) throw startError(place, error);
      await clock.sleep(LOCKED_PAUSE_MS * (0.5 + random.fraction()), signal);
    }
  }
}

/** What {@linkcode openKvAt} needs. */
export interface OpenKvOptions {
  /** What to open. */
  readonly place: StorePlace;
  /** `Deno.openKv`. */
  readonly openKv: (path?: string) => Promise<Deno.Kv>;
  /** Bounds the waits. */
  readonly clock: Clock;
  /** Spreads the tries of several processes. */
  readonly random: Random;
  /**
   * Done before each try. An error of SQLite's that it throws counts as if the opening had thrown it. It must not
   * wait for a lock, as `Deno.openKv` does: that stops the event loop while another program keeps the file locked.
   */
  readonly prepare?: () => Promise<void>;
  /** Ends the tries. */
  readonly signal?: AbortSignal | undefined;
}

/** Why the store at `place` cannot be used, in one line, for the person who starts the program. */
export function startError(place: StorePlace, error: unknown): StartError {
  if (error instanceof StartError) return error;
  const cause = error instanceof TokenError ? error.cause ?? error : error;
  return problemOf(place, faultIn(place, cause), cause);
}

/** A problem of a store's file without the words "The token store", for a sentence that has them already. */
export function withoutStoreName({ en, zh }: Phrase): Phrase {
  return { en: en.replace(/^The token store /, ""), zh: zh.replace(/^令牌存储 /, "") };
}

/** What is wrong with the store, as the end of a sentence, and what to do. */
interface Fault {
  readonly problem: Phrase;
  readonly nextStep?: Phrase;
}

const CHECK_STORE_PLACE: Phrase = { en: "check FEISHU_TOKEN_KV", zh: "请检查 FEISHU_TOKEN_KV" };
const SET_ACCESS_TOKEN: Phrase = { en: "set DENO_KV_ACCESS_TOKEN", zh: "请设置 DENO_KV_ACCESS_TOKEN" };
const OTHER_FILE: Phrase = { en: "name another with --kv PATH", zh: "请用 --kv PATH 指定另一个文件" };
const NO_KV_DATABASE: Fault = {
  problem: { en: "is not a KV database", zh: "不是 KV 数据库" },
  nextStep: CHECK_STORE_PLACE,
};
/** The TLS handshake says so. */
const NO_HTTP2: Fault = {
  problem: {
    en: "is behind a proxy that does not speak HTTP/2, which Deno KV needs",
    zh: "位于不支持 HTTP/2 的代理之后，而 Deno KV 需要 HTTP/2",
  },
  nextStep: { en: "switch HTTP/2 on in the proxy", zh: "请在代理中启用 HTTP/2" },
};
/** A server of another kind, and a proxy that takes only HTTP/1.1 without saying so in the handshake, look the same. */
const NO_KV_DATABASE_OR_HTTP2: Fault = {
  problem: {
    en: "is not a KV database, or is behind a proxy that does not speak HTTP/2, which Deno KV needs",
    zh: "不是 KV 数据库，或位于不支持 HTTP/2 的代理之后，而 Deno KV 需要 HTTP/2",
  },
  nextStep: {
    en: "check FEISHU_TOKEN_KV, and switch HTTP/2 on in the proxy",
    zh: "请检查 FEISHU_TOKEN_KV，并在代理中启用 HTTP/2",
  },
};
const DOES_NOT_ANSWER: Fault = {
  problem: { en: "does not answer", zh: "没有响应" },
  nextStep: CHECK_STORE_PLACE,
};

function problemOf(place: StorePlace, { problem, nextStep }: Fault, cause?: unknown): StartError {
  const store = describe(place);
  return new StartError({ en: `${store.en} ${problem.en}`, zh: `${store.zh}${problem.zh}` }, {
    ...defined({ nextStep }),
    cause,
  });
}

function faultIn(place: StorePlace, error: unknown): Fault {
  if (error instanceof ForeignDatabase) {
    return {
      problem: {
        en: `is the database of another program: it has a table "${error.table}"`,
        zh: `是其他程序的数据库：其中有表 "${error.table}"`,
      },
      nextStep: OTHER_FILE,
    };
  }
  if (error instanceof UnfitFile) {
    return {
      ...cannotBeOpened(error.reason),
      nextStep: { en: "remove what is there", zh: "请移除该位置上的内容" },
    };
  }
  const message = textOf(error);
  const text = firstLine(message.en);
  if (isBusy(error)) {
    return {
      problem: { en: "is locked by another program", zh: "被其他程序锁定" },
      nextStep: {
        en: "end what keeps it open, a backup for instance",
        zh: "请结束占用它的程序，例如备份程序",
      },
    };
  }
  if (text.includes("not a database")) {
    return {
      problem: { en: "is not a Deno KV file", zh: "不是 Deno KV 文件" },
      nextStep: OTHER_FILE,
    };
  }
  if (text.includes("malformed")) {
    return {
      problem: { en: "is damaged", zh: "已损坏" },
      nextStep: { en: "restore it from a backup", zh: "请从备份恢复" },
    };
  }
  if (/disk I\/O error|disk is full/.test(text)) {
    return {
      ...cannotBeOpened(message),
      nextStep: { en: "check its disk and the free space there", zh: "请检查其磁盘和剩余空间" },
    };
  }
  if (text.includes("DENO_KV_ACCESS_TOKEN")) {
    return { problem: { en: "needs an access token", zh: "需要访问令牌" }, nextStep: SET_ACCESS_TOKEN };
  }
  if (place.kind !== "remote") return cannotBeOpened(message);
  // Deno's own texts repeat the whole URL, which may hold a password or a key.
  if (/status 401|401 Unauthorized/.test(text)) {
    return {
      problem: { en: "refused the access token", zh: "拒绝了访问令牌" },
      nextStep: { en: "correct DENO_KV_ACCESS_TOKEN", zh: "请更正 DENO_KV_ACCESS_TOKEN" },
    };
  }
  if (text.includes("invalid peer certificate")) {
    return {
      problem: { en: "has a certificate that is not trusted", zh: "的证书不受信任" },
      nextStep: {
        en: "name its authority's file in DENO_CERT, or set DENO_TLS_CA_STORE=system",
        zh: "请用 DENO_CERT 指定其颁发机构的证书文件，或设置 DENO_TLS_CA_STORE=system",
      },
    };
  }
  if (text.includes("NoApplicationProtocol")) return NO_HTTP2;
  if (/client error \(Connect\)|dns error|timed out/.test(text)) {
    return { problem: { en: "cannot be reached", zh: "无法连接" }, nextStep: CHECK_STORE_PLACE };
  }
  if (text.includes("http2 error")) return NO_KV_DATABASE_OR_HTTP2;
  if (/not a valid KV Connect endpoint|responded with status 4/.test(text)) return NO_KV_DATABASE;
  const { url } = place;
  const withoutUrl = (line: string): string => line.replaceAll(url, new URL(url).origin);
  return {
    ...cannotBeOpened({ en: withoutUrl(message.en), zh: withoutUrl(message.zh) }),
    nextStep: CHECK_STORE_PLACE,
  };
}

function cannotBeOpened(message: Phrase): Fault {
  return {
    problem: { en: `cannot be opened: ${firstLine(message.en)}`, zh: `无法打开：${firstLine(message.zh)}` },
  };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

function textOf(error: unknown): Phrase {
  if (error instanceof TokenError) return error.detail.detail ?? error.row.message;
  return error instanceof Error ? verbatim(error.message) : { en: "unknown cause", zh: "原因不明" };
}

function describe(place: StorePlace): Phrase {
  if (place.kind === "file") return { en: `The token store ${place.path}`, zh: `令牌存储 ${place.path} ` };
  if (place.kind === "remote") {
    const { origin } = new URL(place.url);
    return { en: `The token store at ${origin}`, zh: `位于 ${origin} 的令牌存储` };
  }
  return { en: "The token store", zh: "令牌存储" };
}

function kvPath(place: StorePlace): string | undefined {
  switch (place.kind) {
    case "file":
      return place.path;
    case "memory":
      return ":memory:";
    case "remote":
      return place.url;
    case "platform":
      return undefined;
  }
}
