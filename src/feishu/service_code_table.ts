import type { Phrase } from "../errors/language.ts";
import type { ApiRefusal } from "../ports/feishu.ts";

const SHARE_DOCUMENT: Phrase = {
  en:
    "Give the identity behind the token access to the document: for a tenant token add the app to the document (menu ⋯, More, Add document app), for a user token share it with that user; then repeat the call with the same token.",
  zh:
    "请为令牌所代表的身份授予该文档的权限：使用 tenant_access_token 时，在文档右上角「⋯」→「更多」→「添加文档应用」中添加该应用；使用 user_access_token 时，把文档分享给该用户；然后用同一令牌重试。",
};
const SHARE_WIKI: Phrase = {
  en:
    "Make the identity behind the token a member of the wiki space: for a tenant token add a group that the app's bot is in as an administrator or member, for a user token add that user; then repeat the call with the same token.",
  zh:
    "请把令牌所代表的身份加入该知识空间：使用 tenant_access_token 时，把应用机器人所在的群添加为知识空间管理员或成员；使用 user_access_token 时，添加该用户；然后用同一令牌重试。",
};
const SHARE_BASE: Phrase = {
  en:
    "Give the identity behind the token access to the base: for a tenant token add the app to it (menu ⋯, More, Add document app), for a user token share it with that user; where advanced permissions are on, also a role that may do this. Then repeat the call with the same token.",
  zh:
    "请为令牌所代表的身份授予该多维表格的权限：使用 tenant_access_token 时，通过「⋯」→「更多」→「添加文档应用」添加该应用；使用 user_access_token 时，分享给该用户；若已开启高级权限，还须授予相应角色。然后用同一令牌重试。",
};
const ADD_BOT: Phrase = {
  en: "Add the app's bot to the chat (chat settings, Bots), then repeat the call with the same token.",
  zh: "请把应用的机器人添加到该群（群设置 → 群机器人），然后用同一令牌重试。",
};
const ENABLE_BOT: Phrase = {
  en:
    "In the developer console ({console_url}) add the Bot feature to the app and publish a version; then repeat the call with the same token.",
  zh: "请在开发者后台（{console_url}）为应用添加「机器人」能力并发布版本，然后用同一令牌重试。",
};
const WIDEN_AVAILABILITY: Phrase = {
  en:
    "In the developer console ({console_url}) put the user into the app's availability range and publish a version; then repeat the call with the same token.",
  zh: "请在开发者后台（{console_url}）把该用户加入应用的可用范围并发布版本，然后用同一令牌重试。",
};
const WIDEN_CONTACTS: Phrase = {
  en:
    "In the developer console ({console_url}) extend the app's contacts range to what the call asks about; for a user token ask an administrator what the user may see. The token can be used again as it is.",
  zh:
    "请在开发者后台（{console_url}）扩大应用的通讯录权限范围，使其包含所查询的对象；使用 user_access_token 时请联系企业管理员确认该用户的可见范围。当前令牌可以继续使用。",
};
const CHECK_IDS: Phrase = {
  en:
    "Compare the ids in the call, and the kind of id that it names (user_id_type, receive_id_type), with their source: an open_id belongs to one app only. The token can be used again as it is.",
  zh:
    "请检查调用中的 ID 及其类型（user_id_type、receive_id_type）与来源是否一致：open_id 只属于一个应用。当前令牌可以继续使用。",
};
const CHECK_PLACE: Phrase = {
  en:
    "Check the document, base or table that the call names: copied whole from the address, not deleted, and for a page of a wiki the obj_token behind it. The token can be used again as it is.",
  zh:
    "请检查调用中的文档、多维表格或数据表标识：是否从链接中完整复制、是否已被删除；知识库页面须使用其 obj_token。当前令牌可以继续使用。",
};
const SLOW_DOWN: Phrase = {
  en: "Wait a few seconds, then repeat the call with the same token, and make fewer such calls at a time.",
  zh: "请等待数秒后用同一令牌重试，并降低调用频率。",
};
const COMPARE_SERVICE_CALL: Phrase = {
  en: "Compare the call with the API's page in Feishu's documentation; the token can be used again as it is.",
  zh: "请对照飞书开放平台文档检查该调用；当前令牌可以继续使用。",
};

/**
 * The most frequent codes of single services: documents, wiki, bases, messages, contacts. None is about the token: the
 * gateway, which checks tokens, had accepted it before the service answered.
 *
 * @see https://open.feishu.cn/document/server-docs/docs/docs/docx-v1/document-block/list
 * @see https://open.feishu.cn/document/server-docs/im-v1/message/create
 */
export const SERVICE_CODE_TABLE: readonly ApiRefusal[] = [
  row(1770001, "bad parameter (documents)", "参数错误（云文档）", COMPARE_SERVICE_CALL),
  row(1770002, "the document does not exist", "文档不存在", CHECK_PLACE),
  row(1770003, "the document was deleted", "文档已被删除", CHECK_PLACE),
  row(1770032, "no access to this document", "没有该文档的权限", SHARE_DOCUMENT),
  row(1061004, "no access to this file or folder", "没有该文件或文件夹的权限", SHARE_DOCUMENT),
  row(91402, "the base or file does not exist", "多维表格或文件不存在", CHECK_PLACE),
  row(91403, "no access to this base or document", "没有该多维表格或文档的权限", SHARE_BASE),
  row(1310213, "no access to this spreadsheet", "没有该电子表格的权限", SHARE_DOCUMENT),
  row(1310214, "the spreadsheet does not exist", "电子表格不存在", CHECK_PLACE),

  row(131002, "bad parameter (wiki)", "参数错误（知识库）", COMPARE_SERVICE_CALL),
  row(131005, "the wiki space or node does not exist", "知识库或节点不存在", CHECK_PLACE),
  row(131006, "no access to this wiki space or node", "没有该知识库或节点的权限", SHARE_WIKI),

  row(1254003, "the base's app_token is wrong", "多维表格的 app_token 错误", CHECK_PLACE),
  row(1254004, "the base's table_id is wrong", "多维表格的 table_id 错误", CHECK_PLACE),
  row(1254040, "the base does not exist", "多维表格不存在", CHECK_PLACE),
  row(1254041, "the base's table does not exist", "多维表格的数据表不存在", CHECK_PLACE),
  row(1254043, "the base's record does not exist", "多维表格的记录不存在", CHECK_PLACE),
  row(1254045, "the base's field does not exist", "多维表格的字段不存在", COMPARE_SERVICE_CALL),
  row(1254290, "too many requests to this base", "对该多维表格的请求过快", SLOW_DOWN),
  row(1254291, "two writes to this base at once", "多维表格写冲突", SLOW_DOWN),
  row(1254302, "no permission for this in the base", "调用身份没有多维表格的相应权限", SHARE_BASE),
  row(1254607, "the base's data is not ready yet", "多维表格的数据尚未就绪", SLOW_DOWN),

  row(230001, "bad parameter (messages)", "参数错误（消息）", COMPARE_SERVICE_CALL),
  row(230002, "the bot is not in the chat", "机器人不在该群中", ADD_BOT),
  row(230006, "the app has no bot", "应用未启用机器人能力", ENABLE_BOT),
  row(
    230013,
    "the bot is not available to this user",
    "用户不在机器人的可用范围内",
    WIDEN_AVAILABILITY,
  ),
  row(230020, "too many messages to this chat or user", "消息发送过于频繁", SLOW_DOWN),
  row(230027, "a permission for messages is missing", "缺少消息相关的权限", {
    en:
      "In the developer console ({console_url}), under Permissions & Scopes, give the app the scope that the API's page names, and publish a version.",
    zh: "请在开发者后台（{console_url}）的「权限管理」中为应用开通 API 文档所要求的权限，并发布版本。",
  }),
  row(232011, "the caller is not in the chat", "调用方不在该群中", ADD_BOT),
  row(232025, "the app has no bot", "应用未启用机器人能力", ENABLE_BOT),

  row(40004, "no access to this department", "没有该部门的通讯录权限", WIDEN_CONTACTS),
  row(41050, "no access to this user", "没有该用户的通讯录权限", WIDEN_CONTACTS),
  row(99992351, "the open_id does not exist", "open_id 不存在", CHECK_IDS),
  row(99992354, "the message_id does not exist", "message_id 不存在", CHECK_IDS),
  row(99992360, "the user_id does not exist", "user_id 不存在", CHECK_IDS),
  row(99992361, "the open_id is another app's", "open_id 属于另一个应用", CHECK_IDS),
  row(99992364, "the user_id is another tenant's", "user_id 属于另一个企业", CHECK_IDS),
];

function row(code: number, en: string, zh: string, nextStep: Phrase): ApiRefusal {
  return { code, meaning: { en, zh }, nextStep };
}
