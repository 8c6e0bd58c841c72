import { basicCredentials, type FeishuRequest, textField } from "./feishu_request.ts";
import type { SandboxApp } from "./sandbox_apps.ts";
import type { Sandbox } from "./sandbox.ts";

/** The app that the request authenticates, or Feishu's code for the refusal. */
export function authenticateClient(
  sandbox: Sandbox,
  request: FeishuRequest,
  takesBasic: boolean,
): SandboxApp | number {
  const basic = takesBasic ? basicCredentials(request) : undefined;
  const postedSecret = textField(request, "client_secret");
  if (basic !== undefined && postedSecret !== undefined) return 20070;
  const clientId = basic?.clientId ?? textField(request, "client_id");
  const clientSecret = basic?.clientSecret ?? postedSecret;
  if (clientId === undefined || clientSecret === undefined) return 20001;
  const app = sandbox.app(clientId);
  if (app === undefined) return 20048;
  return app.appSecret === clientSecret ? app : 20002;
}
