import type { FeishuPort } from "../../src/ports/feishu.ts";

type LoginMethod =
  | "startDevice"
  | "redeemDeviceCode"
  | "authorizeUrl"
  | "redeemCode"
  | "userInfo"
  | "appScopes"
  | "revoke";

function refuse(): never {
  throw new Error("No logins here");
}

/** Methods of logins, for tests that never call them. */
export const NO_LOGINS: Pick<FeishuPort, LoginMethod> = {
  startDevice: refuse,
  redeemDeviceCode: refuse,
  authorizeUrl: refuse,
  redeemCode: refuse,
  userInfo: refuse,
  appScopes: refuse,
  revoke: refuse,
};
