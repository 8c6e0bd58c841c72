import type {
  AppScopesAnswer,
  DeviceStartAnswer,
  FeishuAnswer,
  FeishuPort,
  RevokeAnswer,
  UserInfoAnswer,
} from "../ports/feishu.ts";
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
    async startDevice(request): Promise<DeviceStartAnswer> {
      mask.add(request.credentials.appSecret);
      const answer = await feishu.startDevice(request);
      if (answer.kind === "started") mask.add(answer.device.deviceCode);
      return answer;
    },
    redeemDeviceCode(request): Promise<FeishuAnswer> {
      mask.add(request.credentials.appSecret);
      mask.add(request.deviceCode);
      return withSecretsAdded(feishu.redeemDeviceCode(request));
    },
    authorizeUrl(request): string {
      mask.add(request.verifier);
      mask.add(request.state);
      return feishu.authorizeUrl(request);
    },
    redeemCode(request): Promise<FeishuAnswer> {
      mask.add(request.credentials.appSecret);
      if (request.verifier !== undefined) mask.add(request.verifier);
      mask.add(request.code);
      return withSecretsAdded(feishu.redeemCode(request));
    },
    userInfo(request): Promise<UserInfoAnswer> {
      mask.add(request.accessToken);
      return feishu.userInfo(request);
    },
    appScopes(request): Promise<AppScopesAnswer> {
      mask.add(request.credentials.appSecret);
      mask.add(request.tenantToken);
      return feishu.appScopes(request);
    },
    revoke(request): Promise<RevokeAnswer> {
      mask.add(request.credentials.appSecret);
      mask.add(request.token);
      return feishu.revoke(request);
    },
  };
}
