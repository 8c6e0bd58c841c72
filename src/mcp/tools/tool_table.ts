import type { Tool } from "../contract/tool.ts";
import { finishFeishuLogin } from "./finish_feishu_login.ts";
import { getFeishuAppToken } from "./get_feishu_app_token.ts";
import { getFeishuTenantToken } from "./get_feishu_tenant_token.ts";
import { getFeishuUserToken } from "./get_feishu_user_token.ts";
import { listFeishuLogins } from "./list_feishu_logins.ts";
import { refreshFeishuUserToken } from "./refresh_feishu_user_token.ts";
import { reportFeishuTokenRejected } from "./report_feishu_token_rejected.ts";
import { revokeFeishuLogin } from "./revoke_feishu_login.ts";
import { startFeishuLogin } from "./start_feishu_login.ts";

/** Every tool of the server, in the order in which clients see them. */
export const TOOL_TABLE: readonly Tool[] = [
  getFeishuAppToken,
  getFeishuTenantToken,
  refreshFeishuUserToken,
  reportFeishuTokenRejected,
  startFeishuLogin,
  finishFeishuLogin,
  getFeishuUserToken,
  listFeishuLogins,
  revokeFeishuLogin,
];
