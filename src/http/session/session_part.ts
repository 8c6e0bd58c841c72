/** A part of the app credentials of a request. */
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

/** The part that `name` stands for; `undefined` for any other name. */
export function sessionPart(name: string): SessionPart | undefined {
  return PART_OF_NAME.get(name);
}
