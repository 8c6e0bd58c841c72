import { credentialFault } from "../../credentials/credential_fault.ts";
import { TokenError } from "../../errors/token_error.ts";
import { joinPhrases } from "../../errors/join_phrases.ts";
import type { Phrase } from "../../errors/language.ts";
import type { CredentialSource } from "../../ports/credential_source.ts";
import type { Brand } from "../../brand.ts";
import type { AppCredentials } from "../../ports/feishu.ts";
import type { Log } from "../../ports/log.ts";
import { recordsOf } from "../../credentials/records_of.ts";
import { Secret } from "../../secret.ts";
import { LruMap } from "../../concurrency/lru_map.ts";
import { CREDENTIAL_HEADERS, headerKey, readHeaderSource } from "./read_header_source.ts";
import { InvalidSession } from "./invalid_session.ts";
import { readQuerySources } from "./read_query_sources.ts";
import type { RepeatedLines } from "../../log/repeated_lines.ts";
import type { SessionSource } from "./session_source.ts";

/** The credentials of an app beyond these are made anew at its next call, which takes a few hashes. */
const REMEMBERED_APPS = 1000;

const HEADERS: Phrase = {
  en:
    `${CREDENTIAL_HEADERS.app_id} and ${CREDENTIAL_HEADERS.app_secret} (${CREDENTIAL_HEADERS.brand} for Lark)`,
  zh:
    `${CREDENTIAL_HEADERS.app_id} 和 ${CREDENTIAL_HEADERS.app_secret}（Lark 应用另加 ${CREDENTIAL_HEADERS.brand}）`,
};

const NO_CREDENTIALS_ADVICE: Phrase = {
  en:
    `Send the headers ${HEADERS.en} with every request, or set FEISHU_APP_ID and FEISHU_APP_SECRET (developer ` +
    "console, your app, Credentials & Basic Info: {console_url}) and {restart}, or try it without an account with " +
    "--sandbox.",
  zh:
    `请在每个请求中发送请求头 ${HEADERS.zh}，或设置 FEISHU_APP_ID 和 FEISHU_APP_SECRET（开发者后台 → 你的应用 → ` +
    "凭证与基础信息：{console_url}）并{restart}；没有账号也可加 --sandbox 先试用。",
};

/** What {@linkcode createSessionCredentials} needs. */
export interface SessionCredentialsOptions {
  /** Whether a query may hold a secret, although telemetry may export it. */
  readonly allowsQuerySecrets: boolean;
  /** The brand whose official host is the base URL: used where the request names no brand. */
  readonly brandOfBaseUrl?: Brand | undefined;
  /** Whether a call fails if its pair cannot be one of Feishu's own. Otherwise, for another Feishu, it is a warning. */
  readonly refusesMalformed?: boolean;
  /** Limits the warnings, which anybody can cause; without it every one is written. */
  readonly repeated?: Pick<RepeatedLines, "write">;
}

/**
 * Finds the credentials that a request brings; `undefined` where it brings no part of a pair. The source that it returns
 * throws `TokenError`, as every source does.
 */
export type SessionCredentials = (request: Request, log: Log) => CredentialSource | undefined;

/**
 * Makes the reader of a request's credentials: headers, query, `config` parameter, dotted parameters. The first source with
 * any part of a pair is used alone, so that one app's id never meets another app's secret. Equal credentials are the same
 * object, so that the store need not hash them at every call.
 *
 * @throws InvalidSession (the reader) when any part of the request's credentials cannot be read.
 */
export function createSessionCredentials(options: SessionCredentialsOptions): SessionCredentials {
  const known = new LruMap<AppCredentials>(REMEMBERED_APPS);
  /** The sources of valid headers, by the headers, for requests without a query. */
  const readBefore = new LruMap<CredentialSource>(REMEMBERED_APPS);
  const { brandOfBaseUrl, refusesMalformed = false } = options;

  return (request, log) => {
    const queryStart = request.url.indexOf("?");
    if (queryStart >= 0) return read(request, queryStart, log);
    const key = headerKey(request.headers);
    if (key === undefined) return undefined;
    const before = readBefore.get(key);
    if (before !== undefined) return before;
    const source = read(request, queryStart, log);
    if (source !== undefined) readBefore.set(key, source);
    return source;
  };

  function read(request: Request, queryStart: number, log: Log): CredentialSource | undefined {
    const problems: Phrase[] = [];
    const sources = [readHeaderSource(request.headers, problems)];
    if (queryStart >= 0) {
      const query = readQuerySources(request.url.slice(queryStart + 1), problems);
      sources.push(...query.sources);
      if (!options.allowsQuerySecrets && query.secretNames.length > 0) {
        problems.push(secretInQuery(query.secretNames));
      }
    }
    if (problems.length > 0) throw new InvalidSession(problems);

    const used = sources.find(({ parts }) => parts.app_id !== undefined || parts.app_secret !== undefined);
    const ignored = sources.filter((source) => source !== used && Object.keys(source.parts).length > 0)
      .map(({ label }) => label.en).join(", ");
    if (ignored !== "") {
      log.debug("credentials of one source used", { used: used?.label.en ?? "the environment", ignored });
    }
    if (used === undefined) return undefined;
    if (used.quoted.length > 0) {
      warn(log, "quotation marks around session credentials were cut", joinPhrases(used.quoted));
    }
    return sourceOf(used, log);
  }

  /** @param what from a fixed set, never a caller's own words. */
  function warn(log: Log, event: string, what: Phrase): void {
    const fields = { what: what.en };
    if (options.repeated === undefined) log.warn(event, fields);
    else options.repeated.write(log, { kind: event, level: "warn", event, first: fields });
  }

  function sourceOf({ parts, names, label }: SessionSource, log: Log): CredentialSource {
    const { app_id: appId, app_secret: appSecret } = parts;
    if (appId === undefined || appSecret === undefined) {
      const missing = appId === undefined ? names.app_id : names.app_secret;
      return () => {
        throw new TokenError("credentials_incomplete", {
          detail: { en: `${missing} is missing from ${label.en}`, zh: `${label.zh}中缺少 ${missing}` },
          nextStep: {
            en: `Send ${names.app_id} and ${names.app_secret} together, or neither: ` +
              "a pair is never completed from another source.",
            zh: `请同时发送 ${names.app_id} 和 ${names.app_secret}，或两者都不发送：凭证不会从其他来源补全。`,
          },
        });
      };
    }
    const fault = credentialFault({
      appId,
      appSecret,
      names: { appId: names.app_id, appSecret: names.app_secret },
    });
    if (fault !== undefined && refusesMalformed) {
      return () => {
        throw new TokenError("credentials_malformed", { detail: fault });
      };
    }
    if (fault !== undefined) warn(log, "session credentials cannot be a pair of Feishu's own", fault);
    const records = recordsOf(brandOfBaseUrl ?? "feishu", parts.brand === undefined);
    const brand = parts.brand === undefined
      ? brandOfBaseUrl ?? "feishu"
      : parts.brand === "lark"
      ? "lark"
      : "feishu";
    // Unambiguous: no part has a line break in it.
    const key = [brand, records.recordBrand, appId, appSecret].join("\n");
    let credentials = known.get(key);
    if (credentials === undefined) {
      credentials = { brand, appId, appSecret: new Secret(appSecret), isBrought: true, ...records };
      known.set(key, credentials);
    }
    const found = credentials;
    return () => found;
  }
}

/**
 * Adds to the server's own credentials how to send some: a caller over HTTP can do that, but often cannot set the server's
 * environment.
 */
export function withSessionAdvice(environment: CredentialSource): CredentialSource {
  const { refresh } = environment;
  const advising = (): AppCredentials => {
    try {
      return environment();
    } catch (error) {
      if (!(error instanceof TokenError) || error.code !== "credentials_missing") throw error;
      throw new TokenError("credentials_missing", { ...error.detail, nextStep: NO_CREDENTIALS_ADVICE });
    }
  };
  return refresh === undefined ? advising : Object.assign(advising, { refresh });
}

function secretInQuery(names: readonly string[]): Phrase {
  return {
    en: `${names.join(", ")} must not be in the query, which telemetry may export: send the headers ` +
      `${HEADERS.en}, or set FEISHU_TOKEN_ALLOW_QUERY_SECRETS=1 for the server`,
    zh: `${names.join("、")} 不能放在查询参数中，因为遥测可能导出它们：请发送请求头 ${HEADERS.zh}，` +
      "或为服务设置 FEISHU_TOKEN_ALLOW_QUERY_SECRETS=1",
  };
}
