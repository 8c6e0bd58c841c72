/** A custom app that the sandbox knows. */
export interface SandboxApp {
  /** In the shape of Feishu's: `cli_` and 16 hex digits. Feishu's own SDK refuses others for its event connection. */
  readonly appId: string;
  /** Its id in version 0.1.0. It is accepted wherever `appId` is, and means the same app. */
  readonly formerAppId: string;
  /** Made up: it opens nothing anywhere. */
  readonly appSecret: string;
  /** Shown in `/_sandbox/state`. */
  readonly name: string;
}

/** The app that everything uses unless it names another. Constant, so that a configuration can be written down. */
export const DEFAULT_SANDBOX_APP: SandboxApp = {
  appId: "cli_5a4db0c000000001",
  formerAppId: "cli_sandbox000000001",
  appSecret: "sandboxSecretThatOpensNothing001",
  name: "Sandbox app",
};

/** A second app of the same tenant, whose tokens are foreign to the first. */
export const FOREIGN_SANDBOX_APP: SandboxApp = {
  appId: "cli_5a4db0c000000002",
  formerAppId: "cli_sandbox000000002",
  appSecret: "sandboxSecretThatOpensNothing002",
  name: "Another sandbox app",
};

/** Every app that the sandbox knows. */
export const SANDBOX_APPS: readonly SandboxApp[] = [DEFAULT_SANDBOX_APP, FOREIGN_SANDBOX_APP];
