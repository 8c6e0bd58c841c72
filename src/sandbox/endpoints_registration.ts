import { type Answer, jsonAnswer, textAnswer } from "./answer.ts";
import { POLL_INTERVAL_SECONDS } from "./device_codes.ts";
import { type FeishuRequest, textField } from "./feishu_request.ts";
import { escapeHtml, hiddenForm, htmlAnswer } from "./html_answer.ts";
import { REGISTRATION_LIFE_MS } from "./registrations.ts";
import type { Sandbox } from "./sandbox.ts";

/** Path of the registration. */
export const REGISTRATION_PATH = "/oauth/v1/app/registration";
/** Path of the page that works. */
export const REGISTRATION_PAGE = "/page/cli";
/** Path of the page that the answer names, and that says "Link expired". */
export const BROKEN_REGISTRATION_PAGE = "/page/launcher";

/** `POST /oauth/v1/app/registration`: `init`, `begin` or `poll`, as a form and without authentication. */
export function answerRegistration(sandbox: Sandbox, request: FeishuRequest): Answer {
  switch (textField(request, "action")) {
    case "init":
      return {
        ...jsonAnswer(200, {
          nonce: sandbox.mint.code().slice(0, 16),
          supported_auth_methods: ["client_secret", "private_key_jwt"],
        }),
        code: 0,
      };
    case "begin":
      return begin(sandbox, request);
    case "poll":
      return poll(sandbox, textField(request, "device_code") ?? "");
    default:
      return oauthError("invalid_request", "The action is not supported.");
  }
}

function begin(sandbox: Sandbox, request: FeishuRequest): Answer {
  if (textField(request, "archetype") !== "PersonalAgent") {
    return oauthError("invalid_request", "The request is missing a required parameter: archetype.");
  }
  const [deviceCode, userCode] = [sandbox.mint.code(), sandbox.mint.userCode()];
  sandbox.registrations.add(deviceCode, userCode, sandbox.clock.now());
  const page = `${request.origin}${BROKEN_REGISTRATION_PAGE}`;
  return {
    ...jsonAnswer(200, {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${userCode}`,
      expires_in: REGISTRATION_LIFE_MS / 1_000,
      interval: POLL_INTERVAL_SECONDS,
    }),
    code: 0,
  };
}

function poll(sandbox: Sandbox, deviceCode: string): Answer {
  const found = sandbox.registrations.poll(deviceCode, sandbox.clock.now());
  switch (found.kind) {
    case "made": {
      const { app, brand, openId } = found;
      // Lark's host has been seen to leave the person out.
      const user_info = brand === "lark" ? undefined : { open_id: openId, tenant_brand: brand };
      const answer = { client_id: app.appId, client_secret: app.appSecret, user_info };
      return { ...jsonAnswer(200, answer), code: 0 };
    }
    case "elsewhere":
      return jsonAnswer(400, { error: "authorization_pending", user_info: { tenant_brand: "lark" } });
    case "pending":
      return oauthError("authorization_pending", "The person has not finished yet.");
    case "awaiting approval":
      return oauthError("authorization_pending", "The app is waiting for approval.");
    case "too fast":
      return oauthError("slow_down", "Polling too fast.");
    case "denied":
      return oauthError("access_denied", "The person declined.");
    case "forbidden":
      return oauthError("access_denied", "The administrator of the tenant does not allow this.");
    case "expired":
      return oauthError("expired_token", "The device_code has expired.");
    case "unknown":
      return oauthError("invalid_grant", "The device_code is invalid.");
  }
}

function oauthError(error: string, error_description: string): Answer {
  return jsonAnswer(400, { error, error_description });
}

/** `GET /page/cli`: the page of a user code. */
export async function showRegistrationPage(sandbox: Sandbox, request: FeishuRequest): Promise<Answer> {
  const userCode = request.query.get("user_code") ?? "";
  if (!sandbox.registrations.isWaiting(userCode, sandbox.clock.now())) return showBrokenPage();
  const scopes = await readAddons(request.query.get("addons"));
  sandbox.registrations.open(userCode, scopes);
  const form = (decision: string, button: string): string =>
    hiddenForm(REGISTRATION_PAGE, button, { user_code: userCode, decision });
  return htmlAnswer(
    "Make an app",
    `<p>${escapeHtml(userCode)} asks for: ${escapeHtml(scopes.join(" "))}</p>` +
      form("approve", "Make the app") +
      form("deny", "Decline"),
  );
}

/** `GET /page/launcher`, which works no more. */
export function showBrokenPage(): Answer {
  return htmlAnswer("Link expired", "<p>This link has expired.</p>", 20001);
}

/** `POST /page/cli`: the decision on that page. */
export function decideOnRegistrationPage(sandbox: Sandbox, request: FeishuRequest): Answer {
  const userCode = textField(request, "user_code") ?? "";
  const action = textField(request, "decision") === "approve" ? "approve" : "deny";
  const { user } = sandbox.consent.mode;
  return decideRegistration(sandbox, { userCode, action, brand: "feishu", user })
    ? htmlAnswer("Done", "<p>You can close this page.</p>")
    : textAnswer(404, "404 page not found");
}

/** What happens on the page of a registration. */
export interface RegistrationAction {
  /** As shown to the person. */
  readonly userCode: string;
  /** `forbid`: the company does not allow it. `await_approval`: an administrator has to agree first. */
  readonly action: "approve" | "deny" | "expire" | "forbid" | "await_approval";
  /** Of the person. */
  readonly brand: "feishu" | "lark";
  /** Name of the person. */
  readonly user: string;
}

/** Lets a person decide. Returns `false` if no registration waits for the code. */
export function decideRegistration(
  sandbox: Sandbox,
  { userCode, action, brand, user }: RegistrationAction,
): boolean {
  const { registrations, apps, clock, random, mint } = sandbox;
  if (!registrations.isWaiting(userCode, clock.now())) return false;
  switch (action) {
    case "approve": {
      const app = apps.put({
        appId: `cli_5a4db0c0${Buffer.from(random.bytes(4)).toString("hex")}`,
        appSecret: mint.code().replaceAll(/[^A-Za-z0-9]/g, "0").slice(0, 32),
      });
      // With what the page was opened with, next to what every app has.
      const scopes = [...new Set([...app.scopes, ...registrations.scopesOf(userCode)])];
      const made = apps.put({ appId: app.appId, appSecret: app.appSecret, scopes });
      const { openId } = sandbox.user(made, user);
      registrations.decide(userCode, { kind: "made", app: made, brand, openId });
      if (sandbox.behaviour.switches.new_app_needs_moment) apps.delay(made.appId);
      return true;
    }
    case "await_approval":
      registrations.decide(userCode, "awaiting approval");
      return true;
    default: {
      const kind = action === "deny" ? "denied" : action === "forbid" ? "forbidden" : "expired";
      registrations.decide(userCode, { kind });
      return true;
    }
  }
}

/** The user scopes of the page's query; none where that cannot be read. */
async function readAddons(text: string | null): Promise<readonly string[]> {
  if (text === null) return [];
  try {
    const gzipped = new Blob([Uint8Array.fromBase64(text, { alphabet: "base64url" })]).stream();
    const { scopes } = await new Response(gzipped.pipeThrough(new DecompressionStream("gzip"))).json();
    return Array.isArray(scopes.user) ? scopes.user.filter((name: unknown) => typeof name === "string") : [];
  } catch {
    return [];
  }
}
