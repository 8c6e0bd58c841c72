import { isLoopbackHost } from "../net/is_loopback_host.ts";

/** Scopes that the default apps may request. */
const USUAL_SCOPES: readonly string[] = [
  "offline_access",
  "auth:user.id:read",
  "contact:user.base:readonly",
  "docx:document",
  "im:message",
];
/** Further scopes that Feishu knows. An app has them only if it is given them. */
const OTHER_SCOPES: readonly string[] = [
  "bitable:app",
  "calendar:calendar",
  "contact:user.email:readonly",
  "docx:document:readonly",
  "drive:drive",
  "im:message:send_as_bot",
  "sheets:spreadsheet",
  "task:task:write",
  "wiki:wiki:readonly",
];

/** An app that the sandbox knows. */
export interface SandboxApp {
  /** In Feishu's form, `cli_` and 16 hex digits: Feishu's own SDK refuses others for its event connection. */
  readonly appId: string;
  /** Its id in version 0.1.0, accepted wherever `appId` is. */
  readonly formerAppId: string;
  /** Made up. */
  readonly appSecret: string;
  /** Shown in `/_sandbox/state`. */
  readonly name: string;
  /** Kind of app. */
  readonly kind: "custom" | "store";
  /** Addresses to which the authorize page may send browsers back; where absent, any address of this machine. */
  readonly redirectUris?: readonly string[];
  /** Scopes that the app may request. */
  readonly scopes: readonly string[];
}

/** The default app. Its credentials are constant, so that configurations can contain them. */
export const DEFAULT_SANDBOX_APP: SandboxApp = {
  appId: "cli_5a4db0c000000001",
  formerAppId: "cli_sandbox000000001",
  appSecret: "sandboxSecretThatOpensNothing001",
  name: "Sandbox app",
  kind: "custom",
  scopes: USUAL_SCOPES,
};

/** A second app of the same tenant, whose tokens are foreign to the first. */
export const FOREIGN_SANDBOX_APP: SandboxApp = {
  appId: "cli_5a4db0c000000002",
  formerAppId: "cli_sandbox000000002",
  appSecret: "sandboxSecretThatOpensNothing002",
  name: "Another sandbox app",
  kind: "custom",
  scopes: USUAL_SCOPES,
};

/** Every app that the sandbox knows at start. */
export const SANDBOX_APPS: readonly SandboxApp[] = [DEFAULT_SANDBOX_APP, FOREIGN_SANDBOX_APP];

/** Argument of {@linkcode SandboxApps.put}. Absent fields stay as they are. */
export type SandboxAppChange = Partial<Omit<SandboxApp, "formerAppId" | "name">> & Pick<SandboxApp, "appId">;

/** The apps that the sandbox knows now. */
export class SandboxApps {
  #apps = SANDBOX_APPS;
  /** By id, how many calls an app that was just made will still refuse. */
  readonly #delays = new Map<string, number>();

  /** The app with this id, of today or of version 0.1.0. */
  find(id: string): SandboxApp | undefined {
    return this.#apps.find(({ appId, formerAppId }) => appId === id || formerAppId === id);
  }

  /** Adds an app or changes one. */
  put(change: SandboxAppChange & Pick<SandboxApp, "appSecret">): SandboxApp {
    const known = this.find(change.appId);
    const app: SandboxApp = {
      ...(known ??
        { formerAppId: change.appId, name: "App of a test", kind: "custom", scopes: USUAL_SCOPES }),
      ...change,
      appId: known?.appId ?? change.appId,
    };
    this.#apps = known === undefined
      ? [...this.#apps, app]
      : this.#apps.map((each) => each === known ? app : each);
    return app;
  }

  /** Replaces all apps. */
  load(apps: readonly SandboxApp[]): void {
    this.#apps = apps;
  }

  /** Lets the next two calls for a token of the app find it not ready. */
  delay(appId: string): void {
    this.#delays.set(appId, 2);
  }

  /** Whether the app is ready for a call for its token, which counts. */
  isReady(appId: string): boolean {
    const left = this.#delays.get(appId) ?? 0;
    this.#delays.set(appId, Math.max(0, left - 1));
    return left === 0;
  }

  /** All apps. */
  view(): readonly SandboxApp[] {
    return this.#apps;
  }

  /** Resets the apps to those at start. */
  clear(): void {
    this.#apps = SANDBOX_APPS;
    this.#delays.clear();
  }
}

/** Whether Feishu has a scope of this name, enabled for the app or not. */
export function isKnownScope(app: SandboxApp, name: string): boolean {
  return app.scopes.includes(name) || USUAL_SCOPES.includes(name) || OTHER_SCOPES.includes(name);
}

/** Whether the authorize page may send a browser to `uri`. Query and fragment are not compared. */
export function allowsRedirect({ redirectUris }: SandboxApp, uri: string): boolean {
  const url = URL.parse(uri);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return false;
  if (redirectUris === undefined) return isLoopbackHost(url.hostname);
  return redirectUris.some((registered) => bare(registered) === bare(uri));
}

function bare(uri: string): string {
  return uri.replace(/[?#].*$/s, "");
}
