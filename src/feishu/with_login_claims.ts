import { defined } from "../defined.ts";
import type { FeishuAnswer } from "../ports/feishu.ts";
import { readLoginClaims } from "./read_login_claims.ts";

/** `answer` with what its access token, if it has one, says of the authorization, as of `nowMs`. */
export function withLoginClaims(answer: FeishuAnswer, nowMs: number): FeishuAnswer {
  if (answer.kind !== "issued") return answer;
  const claims = readLoginClaims(answer.token.accessToken, nowMs);
  return { ...answer, ...defined({ claims }) };
}
