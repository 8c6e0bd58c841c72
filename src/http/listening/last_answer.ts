import type { Language, Phrase } from "../../errors/language.ts";
import { JSON_RPC_CODE, jsonRpcRefusal } from "../json_rpc_refusal.ts";
import { httpProblem } from "../problem.ts";
import { applySecurityHeaders } from "../security/security_headers.ts";

const LAST_RETRY_AFTER_SECONDS = "1";

const WHY: Readonly<Record<500 | 503, Phrase>> = {
  500: {
    en: "The server failed unexpectedly; look up the request id in its log",
    zh: "服务发生意外错误；请按请求 ID 查看服务日志",
  },
  503: {
    en: "The server is stopping; call again when it is back",
    zh: "服务正在停止；请在服务恢复后重试",
  },
};

/** What {@linkcode lastAnswer} needs. */
export interface LastAnswerOptions {
  /** 500 where the handler failed, 503 where the server stops before the handler has answered. */
  readonly status: 500 | 503;
  /** That of the log line about it. */
  readonly requestId: string;
  /** Of the text. */
  readonly language: Language;
}

/** Makes the answer to a request that its handler has not answered: on `/mcp` as JSON-RPC, elsewhere as a problem. */
export function lastAnswer(request: Request | undefined, options: LastAnswerOptions): Response {
  const { status, requestId, language } = options;
  const headers: Record<string, string> = status === 503 ? { "retry-after": LAST_RETRY_AFTER_SECONDS } : {};
  const message = WHY[status][language];
  const code = status === 500 ? JSON_RPC_CODE.internalError : JSON_RPC_CODE.refused;
  const response = isMcp(request)
    ? jsonRpcRefusal({ status, code, message, headers })
    : httpProblem(status, message, headers);
  return applySecurityHeaders(response, requestId);
}

function isMcp(request: Request | undefined): boolean {
  return /^\/mcp\/?$/.test(URL.parse(request?.url ?? "")?.pathname ?? "");
}
