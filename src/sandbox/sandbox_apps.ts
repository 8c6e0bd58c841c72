/** A custom app that the sandbox knows. */
export interface SandboxApp {
  /** 20 characters, as Feishu's. */
  readonly appId: string;
  /** Made up: it opens nothing anywhere. */
  readonly appSecret: string;
  /** Shown in `/_sandbox/state`. */
  readonly name: string;
}

/** The app that everything uses unless it names another. Constant, so that a configuration can be written down. */
export const DEFAULT_SANDBOX_APP: SandboxApp = {
  appId: "cli_sandbox000000001",
  appSecret: "sandboxSecretThatOpensNothing001",
  name: "Sandbox app",
};

/** A second app of the same tenant, whose tokens are foreign to the first. */
export const FOREIGN_SANDBOX_APP: SandboxApp = {
  appId: "cli_sandbox000000002",
  appSecret: "sandboxSecretThatOpensNothing002",
  name: "Another sandbox app",
};

/** Every app that the sandbox knows. */
export const SANDBOX_APPS: readonly SandboxApp[] = [DEFAULT_SANDBOX_APP, FOREIGN_SANDBOX_APP];
