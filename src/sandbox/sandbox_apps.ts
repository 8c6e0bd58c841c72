/** A custom app that the sandbox knows. */
export interface SandboxApp {
  /** In Feishu's form, `cli_` and 16 hex digits: Feishu's own SDK refuses others for its event connection. */
  readonly appId: string;
  /** Its id in version 0.1.0, accepted wherever `appId` is. */
  readonly formerAppId: string;
  /** Made up. */
  readonly appSecret: string;
  /** Shown in `/_sandbox/state`. */
  readonly name: string;
}

/** The default app. Its credentials are constant, so that configurations can contain them. */
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
