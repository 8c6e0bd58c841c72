import type { FeishuAnswer } from "../ports/feishu.ts";
import type { Secret } from "../secret.ts";
import type { EndpointFamily } from "./code_table.ts";
import { readUserTokenAnswer } from "./read_user_token_answer.ts";
import type { WireAnswer } from "./wire.ts";
import { withLoginClaims } from "./with_login_claims.ts";

/**
 * Reads the answer to the device code or authorization code that was `presented`, with the same care as the answer to a
 * refresh token: Feishu never issues a pair twice. The answer does not name the person; `user_info` does.
 */
export function readLoginAnswer(
  answer: WireAnswer,
  family: Extract<EndpointFamily, "device" | "code">,
  presented: Secret,
): FeishuAnswer {
  return withLoginClaims(readUserTokenAnswer(answer, family, presented), answer.receivedAtMs);
}
