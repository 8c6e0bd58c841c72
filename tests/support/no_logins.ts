import type { FeishuPort } from "../../src/ports/feishu.ts";

type LoginMethod = "startDevice" | "redeemDeviceCode" | "authorizeUrl" | "redeemCode" | "userInfo" | "revoke";

function refuse(): never {
  throw new Error("No logins here");
}

/** The part of Feishu that logs people in, for a test that needs none of it. */
export const NO_LOGINS: Pick<FeishuPort, LoginMethod> = {
  startDevice: refuse,
  redeemDeviceCode: refuse,
  authorizeUrl: refuse,
  redeemCode: refuse,
  userInfo: refuse,
  revoke: refuse,
};
