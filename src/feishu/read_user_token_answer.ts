import { defined } from "../defined.ts";
import type { FeishuAnswer, IssuedToken } from "../ports/feishu.ts";
import { Secret } from "../secret.ts";
import { type AnswerBody, readAnswerBody } from "./answer_body.ts";
import type { EndpointFamily } from "./code_table.ts";
import { type Fields, readFields, readLifetimeMs, readText } from "./lenient_fields.ts";
import { USER_TOKEN_DEFAULT_LIFETIME_MS } from "./limits.ts";
import { readLogId } from "./read_log_id.ts";
import { readRefusal } from "./read_refusal.ts";
import { salvagePair } from "./salvage_pair.ts";
import type { WireAnswer } from "./wire.ts";

/**
 * Reads the answer of any generation to a refresh with the token `presented`. An issued pair has consumed the only
 * refresh token there was, so that the pair is searched first and the answer judged afterwards (promise 3): a whole
 * pair counts with any status and any `code`, in a body that was cut, and as a last resort in one that is not JSON.
 * An access token without a new refresh token counts only in a whole answer with a 2xx status: in any other answer
 * the new refresh token may exist and be unreadable, and the login would end.
 */
export function readUserTokenAnswer(
  answer: WireAnswer,
  family: EndpointFamily,
  presented: Secret,
): FeishuAnswer {
  const body = readAnswerBody(answer.text);
  const isPlainSuccess = body.whole && answer.status >= 200 && answer.status < 300;
  const tokens = tokensIn(answer, body);
  // With the refresh token that was presented it is no new pair: an error may quote the request.
  const pair = tokens.find(({ refreshToken }) =>
    refreshToken !== undefined && refreshToken.reveal() !== presented.reveal()
  );
  const token = pair ?? salvaged(answer, presented) ?? (isPlainSuccess ? tokens[0] : undefined);
  if (token === undefined) return readRefusal(answer, body, family);
  const logId = readLogId(answer.headers, body.fields);
  return { kind: "issued", token, ...defined({ logId }) };
}

/** Looks in both places: older generations answer inside `data`, newer ones flat. */
function tokensIn({ sentAtMs }: WireAnswer, { fields, whole }: AnswerBody): IssuedToken[] {
  return [fields, readFields(fields.data) ?? {}]
    .map((each) => readToken(each, sentAtMs))
    .filter((token) => token !== undefined)
    .map((token) => whole ? token : { ...token, isSalvaged: true });
}

function salvaged({ text, sentAtMs }: WireAnswer, presented: Secret): IssuedToken | undefined {
  const fields = salvagePair(text, presented);
  const token = fields === undefined ? undefined : readToken(fields, sentAtMs);
  return token === undefined ? undefined : { ...token, isSalvaged: true };
}

function readToken(fields: Fields, sentAtMs: number): IssuedToken | undefined {
  const accessToken = readText(fields.access_token);
  if (accessToken === undefined) return undefined;
  const lifetimeMs = readLifetimeMs(fields.expires_in) ?? USER_TOKEN_DEFAULT_LIFETIME_MS;
  const refreshToken = readText(fields.refresh_token);
  const refreshLifetimeMs = readLifetimeMs(fields.refresh_token_expires_in) ??
    readLifetimeMs(fields.refresh_expires_in);
  const tokenType = readText(fields.token_type);
  const scope = readText(fields.scope);
  return {
    accessToken: new Secret(accessToken),
    lifetimeMs,
    expiresAtMs: sentAtMs + lifetimeMs,
    ...(refreshToken === undefined ? {} : { refreshToken: new Secret(refreshToken) }),
    // Zero cannot be the lifetime of a new token; believed, it would end the login.
    ...(refreshToken === undefined || !refreshLifetimeMs
      ? {}
      : { refreshExpiresAtMs: sentAtMs + refreshLifetimeMs }),
    ...defined({ tokenType, scope }),
  };
}
