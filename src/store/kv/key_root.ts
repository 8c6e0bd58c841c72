/** First part of every key: the database may be shared with other code. */
export const KEY_ROOT = "feishu-token";
