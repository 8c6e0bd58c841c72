import { TokenError } from "../errors/token_error.ts";
import type { AppCredentials } from "../ports/feishu.ts";

/** Feishu's codes for a secret that is not the app's: of the app token's endpoint, and of the newer OAuth endpoints. */
const WRONG_SECRET_CODES: readonly (number | undefined)[] = [10014, 20002];

/** Finds the newer secret of a kept app whose secret was refused; `undefined` where there is none. */
export type NewSecrets = (refused: AppCredentials) => Promise<AppCredentials | undefined>;

/**
 * Does `work`, and does it once more with the newer secret that the store has where Feishu refuses the one at hand:
 * somebody has reset it, and told another process. A refused secret has consumed nothing. Rejects as `work` does,
 * which must be an async function.
 */
export function withNewSecret<T>(
  credentials: AppCredentials,
  newSecrets: NewSecrets,
  work: (credentials: AppCredentials) => Promise<T>,
): Promise<T> {
  const done = work(credentials);
  if (credentials.isBrought === true) return done;
  return done.catch(async (error: unknown) => {
    const newer = isWrongSecret(error) ? await newSecrets(credentials) : undefined;
    if (newer === undefined) throw error;
    return await work(newer);
  });
}

function isWrongSecret(error: unknown): boolean {
  return error instanceof TokenError && WRONG_SECRET_CODES.includes(error.detail.feishuCode);
}
