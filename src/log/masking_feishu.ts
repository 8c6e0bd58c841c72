import type { FeishuAnswer, FeishuPort } from "../ports/feishu.ts";
import type { Mask } from "./mask.ts";

/**
 * Decorates `feishu`: every secret in a request or an answer is added to `mask`, so that from then on no log line can
 * show it, whatever its shape.
 */
export function maskingFeishu(feishu: FeishuPort, mask: Mask): FeishuPort {
  const withSecretsAdded = async (answer: Promise<FeishuAnswer>): Promise<FeishuAnswer> => {
    const result = await answer;
    if (result.kind === "issued") {
      mask.add(result.token.accessToken);
      if (result.token.refreshToken !== undefined) mask.add(result.token.refreshToken);
    }
    return result;
  };
  return {
    issueAppToken(request): Promise<FeishuAnswer> {
      mask.add(request.credentials.appSecret);
      return withSecretsAdded(feishu.issueAppToken(request));
    },
    issueTenantToken(request): Promise<FeishuAnswer> {
      mask.add(request.credentials.appSecret);
      return withSecretsAdded(feishu.issueTenantToken(request));
    },
    refreshUserToken(request): Promise<FeishuAnswer> {
      mask.add(request.credentials.appSecret);
      mask.add(request.refreshToken);
      return withSecretsAdded(feishu.refreshUserToken(request));
    },
  };
}
