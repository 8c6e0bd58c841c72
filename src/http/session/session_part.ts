/** One part of the app credentials that a request may carry. */
export type SessionPart = "app_id" | "app_secret" | "brand";

/** The spellings that clients and hosting platforms use. */
const PART_OF_NAME: ReadonlyMap<string, SessionPart> = new Map([
  ["app_id", "app_id"],
  ["appId", "app_id"],
  ["FEISHU_APP_ID", "app_id"],
  ["app_secret", "app_secret"],
  ["appSecret", "app_secret"],
  ["FEISHU_APP_SECRET", "app_secret"],
  ["brand", "brand"],
  ["FEISHU_BRAND", "brand"],
]);

/** Which part is called `name`; `undefined` for every name that is not ours. */
export function sessionPart(name: string): SessionPart | undefined {
  return PART_OF_NAME.get(name);
}
