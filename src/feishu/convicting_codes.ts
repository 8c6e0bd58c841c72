/**
 * The only codes by which Feishu's APIs refuse the access token itself. The gateway answers 9999…, the older endpoints
 * 200…; every other code means that the token was accepted.
 *
 * | code                         | what it says of the token                       |
 * | ---------------------------- | ----------------------------------------------- |
 * | 99991663, 99991665, 20013    | a tenant token that is invalid or has expired   |
 * | 99991664, 20014              | an app token that is invalid                    |
 * | 99991668, 99991677, 20005    | a user token that is invalid or has expired     |
 * | 99991671                     | of no known form: cut off, or not a token       |
 *
 * @see https://open.feishu.cn/document/ukTMukTMukTM/ugjM14COyUjL4ITN
 */
export const CONVICTING_CODES: ReadonlySet<number> = new Set([
  ...[99991663, 99991664, 99991665, 99991668, 99991671, 99991677],
  ...[20005, 20013, 20014],
]);
