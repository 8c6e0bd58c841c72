import type { AppCredentials } from "../../src/ports/feishu.ts";
import type {
  AppTokenResult,
  CallContext,
  RejectedToken,
  ReplacementToken,
  ServiceHealth,
  TokenService,
  UserTokenResult,
} from "../../src/ports/tokens.ts";
import { Secret } from "../../src/secret.ts";

/** Credentials as a configured server has them. */
export const TEST_CREDENTIALS: AppCredentials = {
  brand: "feishu",
  appId: "cli_test",
  appSecret: new Secret("test-app-secret"),
};

/** A token service that answers what a test puts into it, and records what it was asked. */
export class MemoryTokenService implements TokenService {
  readonly minTtlsMs: number[] = [];
  readonly tenantMinTtlsMs: number[] = [];
  readonly presented: string[] = [];
  readonly rejected: RejectedToken[] = [];
  readonly contexts: CallContext[] = [];
  onAppToken: (call: CallContext) => Promise<AppTokenResult>;
  onTenantToken: (call: CallContext) => Promise<AppTokenResult>;
  onRefresh: (call: CallContext) => Promise<UserTokenResult>;
  onRejected: (call: CallContext) => Promise<ReplacementToken>;
  onHealth: () => Promise<ServiceHealth> = () => Promise.resolve({ ok: true });

  constructor(nowMs: number) {
    this.onAppToken = () =>
      Promise.resolve({ accessToken: new Secret("t-app"), expiresAtMs: nowMs + 3_600_500 });
    this.onTenantToken = () =>
      Promise.resolve({ accessToken: new Secret("t-tenant"), expiresAtMs: nowMs + 3_600_500 });
    this.onRefresh = () =>
      Promise.resolve({
        accessToken: new Secret("u-user"),
        expiresAtMs: nowMs + 7_200_000,
        tokenType: "Bearer",
        replayed: false,
        refreshToken: new Secret("ur-next"),
        refreshExpiresAtMs: nowMs + 604_800_999,
        scope: "offline_access contact:user.id:readonly",
      });
    this.onRejected = () =>
      Promise.resolve({
        kind: "app",
        accessToken: new Secret("t-other"),
        expiresAtMs: nowMs + 7_200_000,
        tokenType: "Bearer",
        isRenewed: true,
        isSame: false,
      });
  }

  appToken(_credentials: AppCredentials, minTtlMs: number, call: CallContext): Promise<AppTokenResult> {
    this.minTtlsMs.push(minTtlMs);
    this.contexts.push(call);
    return this.onAppToken(call);
  }

  tenantToken(_credentials: AppCredentials, minTtlMs: number, call: CallContext): Promise<AppTokenResult> {
    this.tenantMinTtlsMs.push(minTtlMs);
    this.contexts.push(call);
    return this.onTenantToken(call);
  }

  refreshUserToken(
    _credentials: AppCredentials,
    refreshToken: Secret,
    call: CallContext,
  ): Promise<UserTokenResult> {
    this.presented.push(refreshToken.reveal());
    this.contexts.push(call);
    return this.onRefresh(call);
  }

  replaceRejected(
    _credentials: AppCredentials,
    rejected: RejectedToken,
    call: CallContext,
  ): Promise<ReplacementToken> {
    this.rejected.push(rejected);
    this.contexts.push(call);
    return this.onRejected(call);
  }

  health(): Promise<ServiceHealth> {
    return this.onHealth();
  }

  drain(): Promise<void> {
    return Promise.resolve();
  }
}
