import type { FeishuAnswer } from "../../ports/feishu.ts";
import { shownAppId } from "../../credentials/shown_app_id.ts";
import { isBroughtByCaller } from "./is_brought_by_caller.ts";
import type { RenewalStrategy } from "./renewal_strategy.ts";
import { errorOf } from "./failure_marks.ts";

/** Logs Feishu's answer to one presentation, which took `tookMs` milliseconds. */
export function logAnswer(strategy: RenewalStrategy, answer: FeishuAnswer, tookMs: number): void {
  const { appId, shownAs = appId } = strategy.name.credentials;
  const facts = {
    kind: strategy.name.kind,
    endpoint: strategy.endpoint,
    app_id: shownAppId(shownAs),
    ms: Math.round(tookMs),
  };
  if (answer.kind === "issued" && answer.token.isSalvaged === true) {
    const event =
      "token issued by Feishu in an answer that was damaged on its way, read out of what is left of it";
    strategy.log.warn(event, { ...facts, feishu_log_id: answer.logId });
    return;
  }
  if (answer.kind === "issued") {
    strategy.log.info("token issued by Feishu", { ...facts, feishu_log_id: answer.logId });
    return;
  }
  const error = errorOf(answer);
  // A person who has not decided yet is no failure, and every poll says so.
  const isPending = answer.kind === "refused" && answer.refusal.verdict === "pending";
  strategy.log[isPending || isBroughtByCaller(strategy) ? "debug" : "warn"]("no token from Feishu", {
    ...facts,
    answer: answer.kind,
    error_code: error.code,
    feishu_code: error.detail.feishuCode,
    feishu_log_id: error.detail.logId,
    detail: error.detail.detail?.en,
  });
}
