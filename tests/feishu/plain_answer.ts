import type { FeishuAnswer } from "../../src/ports/feishu.ts";

/** An answer with its secrets laid open, so that a test can compare the whole of it. */
export function plainAnswer(answer: FeishuAnswer): unknown {
  if (answer.kind !== "issued") return answer;
  const { accessToken, refreshToken, ...rest } = answer.token;
  return {
    ...answer,
    token: {
      ...rest,
      accessToken: accessToken.reveal(),
      ...(refreshToken === undefined ? {} : { refreshToken: refreshToken.reveal() }),
    },
  };
}
