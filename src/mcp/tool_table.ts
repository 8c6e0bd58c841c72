import type { Tool } from "./tool.ts";
import { getFeishuAppToken } from "./tools/get_feishu_app_token.ts";
import { getFeishuTenantToken } from "./tools/get_feishu_tenant_token.ts";
import { refreshFeishuUserToken } from "./tools/refresh_feishu_user_token.ts";
import { reportFeishuTokenRejected } from "./tools/report_feishu_token_rejected.ts";

/** Every tool of the server, in the order in which clients see them. */
export const TOOL_TABLE: readonly Tool[] = [
  getFeishuAppToken,
  getFeishuTenantToken,
  refreshFeishuUserToken,
  reportFeishuTokenRejected,
];
