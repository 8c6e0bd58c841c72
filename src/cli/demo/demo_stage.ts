import type { Platform } from "../../platform.ts";
import type { SelfCommand } from "./demo_program.ts";
import type { DemoReport } from "./demo_report.ts";
import type { DemoSandbox } from "./demo_sandbox.ts";

/** The tools that there should be. */
export const TOOLS =
  "get_feishu_app_token, get_feishu_tenant_token, refresh_feishu_user_token, report_feishu_token_rejected";
/** Where app tokens are issued. */
export const APP_TOKEN_PATH = "app_access_token/internal";
/** Where the demo's refresh tokens are spent. */
export const REFRESH_PATH = "oauth/token";

/** What the steps share. */
export interface DemoStage {
  /** Everything real. */
  readonly platform: Platform;
  /** Where claims are checked. */
  readonly report: DemoReport;
  /** Starts the program that is shown. */
  readonly self: SelfCommand;
  /** The simulated Feishu. */
  readonly sandbox: DemoSandbox;
  /** Its origin. */
  readonly sandboxUrl: string;
  /** The store's file. */
  readonly store: string;
}

/** What the HTTP part leaves behind for the others to find again. */
export interface KeptTokens {
  /** The app's. */
  readonly appToken: unknown;
  /** The refresh token of the login. */
  readonly first: string;
  /** Its successor. */
  readonly second: unknown;
}
