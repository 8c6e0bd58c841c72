import { CREDENTIAL_HEADERS } from "./read_header_source.ts";
import { MAX_VALUE_CHARACTERS } from "./session_source.ts";

/**
 * The schema of a session's configuration, for hosting platforms that ask their users for it. `x-from` tells them to
 * send it in headers, since queries end up in the logs of proxies. The relative id is right behind any proxy.
 *
 * @see https://json-schema.org/draft/2020-12
 */
export const SESSION_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "/.well-known/mcp-config",
  title: "Feishu tokens: session configuration",
  description:
    "Credentials of a Feishu or Lark app: developer console, your app, Credentials & Basic Info. Without them the " +
    "tools can be listed; a call then says what is missing.",
  "x-query-style": "dot+bracket",
  type: "object",
  properties: {
    app_id: {
      type: "string",
      title: "App ID",
      description: "For instance cli_a1b2c3d4e5f6g7h8",
      maxLength: MAX_VALUE_CHARACTERS,
      "x-from": { header: CREDENTIAL_HEADERS.app_id.toLowerCase() },
    },
    app_secret: {
      type: "string",
      title: "App Secret",
      description: "On the same page as the App ID. Only this server and Feishu get it",
      maxLength: MAX_VALUE_CHARACTERS,
      writeOnly: true,
      "x-from": { header: CREDENTIAL_HEADERS.app_secret.toLowerCase() },
    },
    brand: {
      type: "string",
      title: "Brand",
      description: "Where the app was made: feishu (open.feishu.cn) or lark (open.larksuite.com)",
      enum: ["feishu", "lark"],
      default: "feishu",
      "x-from": { header: CREDENTIAL_HEADERS.brand.toLowerCase() },
    },
  },
  required: [],
  dependentRequired: { app_id: ["app_secret"], app_secret: ["app_id"] },
} as const;
