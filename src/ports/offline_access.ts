/** The scope without which Feishu gives no refresh token. */
export const OFFLINE_ACCESS = "offline_access";
