import type { Platform } from "../../platform.ts";
import type { SelfCommand } from "./demo_program.ts";
import type { DemoReport } from "./demo_report.ts";
import type { DemoSandbox } from "./demo_sandbox.ts";

/** Part of the path at which Feishu issues app tokens. */
export const APP_TOKEN_PATH = "app_access_token/internal";
/** Part of the path at which it takes the demo's refresh tokens. */
export const REFRESH_PATH = "oauth/token";

/** What the parts of the demo share. */
export interface DemoStage {
  /** The machine. */
  readonly platform: Platform;
  /** Prints and counts the claims. */
  readonly report: DemoReport;
  /** Starts the server. */
  readonly self: SelfCommand;
  /** Its control interface. */
  readonly sandbox: DemoSandbox;
  /** Origin. */
  readonly sandboxUrl: string;
  /** Path of the KV file. */
  readonly store: string;
}

/** What the store holds after the HTTP part, for the other parts to find again. */
export interface KeptTokens {
  /** As the tool answered it. */
  readonly appToken: unknown;
  /** Refresh token of the login. */
  readonly first: string;
  /** Refresh token that it was exchanged for. */
  readonly second: unknown;
}
