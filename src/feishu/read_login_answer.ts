import { defined } from "../defined.ts";
import type { FeishuAnswer } from "../ports/feishu.ts";
import type { Secret } from "../secret.ts";
import type { EndpointFamily } from "./code_table.ts";
import { readLoginClaims } from "./read_login_claims.ts";
import { readUserTokenAnswer } from "./read_user_token_answer.ts";
import type { WireAnswer } from "./wire.ts";

/**
 * Reads the answer to a device code or an authorization code that was `presented`, as that to a refresh token is read: a
 * pair that was issued can never be issued again. The person is not in it: `user_info` names them.
 */
export function readLoginAnswer(
  answer: WireAnswer,
  family: Extract<EndpointFamily, "device" | "code">,
  presented: Secret,
): FeishuAnswer {
  const read = readUserTokenAnswer(answer, family, presented);
  if (read.kind !== "issued") return read;
  const claims = readLoginClaims(read.token.accessToken, answer.receivedAtMs);
  return { ...read, ...defined({ claims }) };
}
