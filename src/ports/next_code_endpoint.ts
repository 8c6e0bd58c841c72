import type { FeishuAnswer, LoginEndpoint } from "./feishu.ts";

/**
 * Where to present an authorization code after `endpoint`, tried first, answered so; undefined where a second presentation
 * helps nothing. `v3` refuses some codes with a challenge (20049), and Lark's pages do not document it: there the path may
 * be missing, or a page may answer. A code that such a page has spent is refused by the other endpoint as used.
 */
export function nextCodeEndpoint(endpoint: LoginEndpoint, answer: FeishuAnswer): LoginEndpoint | undefined {
  const mayTakeIt = answer.kind === "unreadable" ||
    (answer.kind === "refused" && answer.refusal.verdict === "wrong_endpoint");
  if (!mayTakeIt) return undefined;
  return endpoint === "v2" ? "v3" : "v2";
}
