import { defined } from "../../defined.ts";
import type { Audience } from "../../errors/audience.ts";
import { toUnixSeconds } from "../../mcp/contract/token_times.ts";
import type { LoginProgress } from "../../ports/logins.ts";
import { loginReport, userReport } from "../logins/login_report.ts";

/** How a login stands, for programs: the fields of `finish_feishu_login`, and of `status` once it is kept. */
export function progressReport(progress: LoginProgress, audience: Audience): object {
  const reader: Audience = { ...audience, door: "cli" };
  switch (progress.kind) {
    case "pending":
      return {
        status: "pending",
        retry_after_seconds: Math.max(1, Math.ceil(progress.retryAfterMs / 1000)),
        expires_at: toUnixSeconds(progress.expiresAtMs),
        approved: progress.isApproved,
        ...defined({ warning: progress.problem?.sentence(reader) }),
      };
    case "done": {
      const { login, missingScopes, warning } = progress;
      return {
        status: "done",
        ...loginReport(login, reader),
        ...(missingScopes.length === 0 ? {} : { missing_scopes: missingScopes }),
        ...defined({ warning: warning?.sentence({ ...reader, brand: login.brand }) }),
      };
    }
    case "narrower":
      return {
        status: "narrower",
        user: userReport(progress.user),
        kept_scopes: progress.keptScopes,
        new_scopes: progress.newScopes,
        lost_scopes: progress.lostScopes,
        decide_by: toUnixSeconds(progress.decideByMs),
      };
  }
}
