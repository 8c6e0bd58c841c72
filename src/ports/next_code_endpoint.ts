import type { FeishuAnswer, LoginEndpoint } from "./feishu.ts";

/**
 * The endpoint to present an authorization code to when `endpoint`, tried first, has answered with `answer`; `undefined`
 * where a second attempt cannot help. `v3` refuses some codes with a challenge (20049). Lark does not document `v3`: its
 * path may be missing there, or answer with a page. If the first endpoint has spent the code after all, the second
 * refuses it as used.
 */
export function nextCodeEndpoint(endpoint: LoginEndpoint, answer: FeishuAnswer): LoginEndpoint | undefined {
  const mayTakeIt = answer.kind === "unreadable" ||
    (answer.kind === "refused" && answer.refusal.verdict === "wrong_endpoint");
  if (!mayTakeIt) return undefined;
  return endpoint === "v2" ? "v3" : "v2";
}
