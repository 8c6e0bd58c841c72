import type { Phrase } from "./language.ts";

/** What a failure is about, which decides who has to act. */
export type ErrorKind =
  | "input"
  | "config"
  | "login"
  | "transient"
  | "ambiguous"
  | "rate"
  | "store"
  | "internal";

/** One row of the table: what every door says of one failure. */
export interface ErrorRow {
  /** Who has to act. */
  readonly kind: ErrorKind;
  /** Whether the same call may succeed later although nobody has fixed anything. */
  readonly retryable: boolean;
  /** What happened, in one clause without a period and without placeholders. */
  readonly message: Phrase;
  /** What to do now, in sentences. May hold placeholders, which {@linkcode fillPlaceholders} fills. */
  readonly nextStep: Phrase;
}

/** The next step where the login is lost. */
const AUTHORIZE_AGAIN: Phrase = {
  en: "Let the user authorize the app again.",
  zh: "请让用户重新授权该应用。",
};

/**
 * Every failure that this program reports, by its stable code. MCP, HTTP and the command line read their texts here,
 * and `docs/errors.md` is generated from it. The Chinese texts use the words of Feishu's own console.
 */
export const ERROR_TABLE = {
  credentials_missing: {
    kind: "config",
    retryable: false,
    message: {
      en: "No Feishu app credentials are configured",
      zh: "未配置飞书应用凭证",
    },
    nextStep: {
      en:
        "Keep the app once with `feishu-token-mcp app add NAME`, or set FEISHU_APP_ID and FEISHU_APP_SECRET (developer console, your app, Credentials & Basic Info: {console_url}) and {restart}, or try it without an account with --sandbox.",
      zh:
        "请运行一次 `feishu-token-mcp app add NAME` 保存应用，或设置 FEISHU_APP_ID 和 FEISHU_APP_SECRET（开发者后台 → 你的应用 → 凭证与基础信息：{console_url}）并{restart}；没有账号也可加 --sandbox 先试用。",
    },
  },
  credentials_incomplete: {
    kind: "config",
    retryable: false,
    message: {
      en: "Only half of the Feishu app credentials is configured",
      zh: "飞书应用凭证不完整，App ID 和 App Secret 只配置了其中一个",
    },
    nextStep: {
      en: "Set both FEISHU_APP_ID and FEISHU_APP_SECRET and {restart}.",
      zh: "请同时设置 FEISHU_APP_ID 和 FEISHU_APP_SECRET 并{restart}。",
    },
  },
  credentials_malformed: {
    kind: "config",
    retryable: false,
    message: {
      en: "These Feishu app credentials cannot be an App ID and an App Secret",
      zh: "该飞书应用凭证不可能是有效的 App ID 和 App Secret",
    },
    nextStep: {
      en:
        "Copy both from the developer console (your app, Credentials & Basic Info: {console_url}), without quotation marks; nothing was sent to Feishu. If they come from the environment, {restart}.",
      zh:
        "请从开发者后台（你的应用 → 凭证与基础信息：{console_url}）重新复制这两项，不要加引号；没有向飞书发送任何内容。如果它们来自环境变量，请{restart}。",
    },
  },
  credentials_refused: {
    kind: "config",
    retryable: false,
    message: {
      en: "Feishu refused the app id or the app secret",
      zh: "飞书不接受该 App ID 或 App Secret",
    },
    nextStep: {
      en:
        "Compare FEISHU_APP_ID, FEISHU_APP_SECRET and FEISHU_BRAND, or what the client sends instead, with the developer console (your app, Credentials & Basic Info: {console_url}); an app made on Lark needs the brand lark.",
      zh:
        "请对照开发者后台（你的应用 → 凭证与基础信息：{console_url}）检查 FEISHU_APP_ID、FEISHU_APP_SECRET 和 FEISHU_BRAND，或客户端发送的相应凭证；在 Lark 上创建的应用，brand 须为 lark。",
    },
  },
  app_not_permitted: {
    kind: "config",
    retryable: false,
    message: {
      en: "The Feishu app is disabled, not installed, or not allowed to do this",
      zh: "飞书应用已停用、未安装，或没有执行此操作的权限",
    },
    nextStep: {
      en:
        "In the developer console ({console_url}) check that the app is enabled and published, that it has the permissions it needs (Permissions & Scopes), and that refreshing user_access_token is switched on under Security Settings.",
      zh:
        "请在开发者后台（{console_url}）确认应用已启用并已发布版本，「权限管理」中已开通所需权限，且「安全设置」中已打开「刷新 user_access_token」开关。",
    },
  },
  app_not_found: {
    kind: "config",
    retryable: false,
    message: { en: "There is no kept app of that name", zh: "没有该名称的已保存应用" },
    nextStep: {
      en: "`feishu-token-mcp app list` shows the names; `feishu-token-mcp app add NAME` keeps an app.",
      zh: "可用 `feishu-token-mcp app list` 查看名称，用 `feishu-token-mcp app add NAME` 保存应用。",
    },
  },
  app_elsewhere: {
    kind: "config",
    retryable: false,
    message: {
      en: "The kept app belongs to another address of Feishu than the one that is used here",
      zh: "该已保存的应用属于另一个飞书地址，与当前使用的地址不同",
    },
    nextStep: {
      en:
        "Choose another app with --app, or use the app's own address: `feishu-token-mcp app list` shows it. Then {restart}.",
      zh:
        "请用 --app 选择另一个应用，或改用该应用的地址（用 `feishu-token-mcp app list` 查看），然后{restart}。",
    },
  },
  app_name_taken: {
    kind: "input",
    retryable: false,
    message: { en: "Another kept app has that name", zh: "另一个已保存的应用正在使用该名称" },
    nextStep: {
      en:
        "Choose another name, or remove that app first: `feishu-token-mcp app list` shows both. For a new secret of the same app there is `feishu-token-mcp app secret NAME`.",
      zh:
        "请换一个名称，或先删除那个应用（用 `feishu-token-mcp app list` 查看）。若只是同一应用换了 App Secret，请用 `feishu-token-mcp app secret NAME`。",
    },
  },
  app_kept_already: {
    kind: "input",
    retryable: false,
    message: { en: "This app is kept already, under another name", zh: "该应用已保存，只是名称不同" },
    nextStep: {
      en:
        "Use it by that name; `feishu-token-mcp app rename` changes the name, `feishu-token-mcp app secret` the secret.",
      zh:
        "请使用那个名称；改名用 `feishu-token-mcp app rename`，更换 App Secret 用 `feishu-token-mcp app secret`。",
    },
  },
  too_many_apps: {
    kind: "input",
    retryable: false,
    message: { en: "The store keeps 100 apps already", zh: "存储中已保存 100 个应用" },
    nextStep: {
      en: "Remove one first: `feishu-token-mcp app remove NAME`.",
      zh: "请先删除一个：`feishu-token-mcp app remove NAME`。",
    },
  },
  registration_denied: {
    kind: "login",
    retryable: false,
    message: { en: "The person declined to make an app", zh: "用户拒绝创建应用" },
    nextStep: {
      en:
        "No app was made. Register again when the person wants it, or keep an existing app with `feishu-token-mcp app add NAME`.",
      zh: "没有创建应用。可在用户愿意时重新注册，或用 `feishu-token-mcp app add NAME` 保存已有的应用。",
    },
  },
  registration_expired: {
    kind: "login",
    retryable: false,
    message: { en: "The link for making an app has expired", zh: "创建应用的链接已过期" },
    nextStep: {
      en:
        "Register again for a new link. If the company has to approve new apps, look in the developer console ({console_url}) whether the app was made meanwhile; if so, keep it with `feishu-token-mcp app add NAME`.",
      zh:
        "请重新注册以获取新链接。如果企业要求审批新应用，请到开发者后台（{console_url}）查看应用是否已创建；若已创建，可用 `feishu-token-mcp app add NAME` 保存。",
    },
  },
  registration_forbidden: {
    kind: "config",
    retryable: false,
    message: {
      en: "The person's company does not let them make apps this way",
      zh: "该用户所在企业不允许以这种方式创建应用",
    },
    nextStep: {
      en:
        "Ask an administrator of the company to allow it or to make an app in the developer console ({console_url}); keep that app with `feishu-token-mcp app add NAME`.",
      zh:
        "请联系企业管理员放开限制，或由管理员在开发者后台（{console_url}）创建应用，再用 `feishu-token-mcp app add NAME` 保存。",
    },
  },
  registration_outcome_unknown: {
    kind: "ambiguous",
    retryable: false,
    message: {
      en: "An app may have been made, and its secret did not arrive or could not be stored",
      zh: "应用可能已经创建，但其 App Secret 未能收到或未能保存",
    },
    nextStep: {
      en:
        "Look in the developer console ({console_url}): delete the new app there and register again, or reset its secret (Credentials & Basic Info) and keep it with `feishu-token-mcp app add NAME`.",
      zh:
        "请到开发者后台（{console_url}）查看：可删除新建的应用后重新注册，或在「凭证与基础信息」中重置其 App Secret，再用 `feishu-token-mcp app add NAME` 保存。",
    },
  },
  store_cannot_keep_apps: {
    kind: "config",
    retryable: false,
    message: {
      en: "The token store has no key of its own, so that it may not hold app secrets",
      zh: "令牌存储没有自己的密钥，不能保存 App Secret",
    },
    nextStep: {
      en:
        "Set FEISHU_TOKEN_KEY (`openssl rand -base64 32`), the same for every process of the store, and {restart}.",
      zh:
        "请为使用该存储的所有进程设置相同的 FEISHU_TOKEN_KEY（用 `openssl rand -base64 32` 生成）并{restart}。",
    },
  },
  refresh_token_spent: {
    kind: "login",
    retryable: false,
    message: {
      en: "The refresh token has been used already or was revoked",
      zh: "该 refresh_token 已被使用过，或已被撤销",
    },
    nextStep: {
      en:
        "A refresh token works once. Present the newest one you hold, or let the user authorize the app again.",
      zh: "refresh_token 只能使用一次。请改用你持有的最新一个，或让用户重新授权该应用。",
    },
  },
  refresh_token_expired: {
    kind: "login",
    retryable: false,
    message: { en: "The refresh token has expired", zh: "该 refresh_token 已过期" },
    nextStep: AUTHORIZE_AGAIN,
  },
  refresh_token_revoked: {
    kind: "login",
    retryable: false,
    message: { en: "The refresh token was revoked", zh: "该 refresh_token 已被撤销" },
    nextStep: AUTHORIZE_AGAIN,
  },
  not_logged_in: {
    kind: "login",
    retryable: false,
    message: { en: "Nobody is logged in here as that user", zh: "没有该用户的登录" },
    nextStep: {
      en: "{start_login}. {list_logins} who is logged in.",
      zh: "{start_login}；{list_logins}当前的登录。",
    },
  },
  user_ambiguous: {
    kind: "input",
    retryable: false,
    message: { en: "Several people are logged in", zh: "已有多人登录，无法确定是哪一位" },
    nextStep: {
      en: "Say whose with {user}: an open_id, or a name that only one of them has.",
      zh: "请用 {user} 指明是哪一位：open_id，或其中唯一的姓名。",
    },
  },
  login_not_found: {
    kind: "input",
    retryable: false,
    message: { en: "There is no such login", zh: "没有这个登录" },
    nextStep: {
      en: "Check that the id was copied whole. An outcome is kept for a day; after that: {start_login}.",
      zh: "请检查登录 ID 是否复制完整。登录结果保留一天；超过一天请重新开始：{start_login}。",
    },
  },
  login_wrong_person: {
    kind: "login",
    retryable: false,
    message: {
      en: "Another person than the expected one agreed to the login, so that nothing was kept",
      zh: "同意授权的不是预期的用户，因此没有保存任何内容",
    },
    nextStep: {
      en: "Let the right person open a new link; if this one was meant, start the login with {another}.",
      zh: "请让预期的用户打开新的链接；如果就是要登录这位用户，请用 {another} 重新发起登录。",
    },
  },
  login_ended: {
    kind: "login",
    retryable: false,
    message: {
      en: "The user was logged out after this login had been started, so that nothing was kept",
      zh: "发起该登录之后用户已退出登录，因此没有保存任何内容",
    },
    nextStep: {
      en: "If the user still wants to be logged in: {start_login}.",
      zh: "如仍需登录，请重新开始：{start_login}。",
    },
  },
  login_not_renewable: {
    kind: "config",
    retryable: false,
    message: {
      en: "This login lasts only as long as its access token, since Feishu gave no refresh token",
      zh: "飞书没有签发 refresh_token，该登录会随 access_token 到期而结束",
    },
    nextStep: {
      en:
        "In the developer console ({console_url}) enable the permission offline_access (Permissions & Scopes), switch on refreshing user_access_token (Security Settings), publish a version, then log in again.",
      zh:
        "请在开发者后台（{console_url}）的「权限管理」中开通 offline_access，在「安全设置」中打开「刷新 user_access_token」开关，发布版本后重新登录。",
    },
  },
  login_in_memory: {
    kind: "config",
    retryable: false,
    message: {
      en: "This login ends with the server, since its store is in memory",
      zh: "令牌存储在内存中，该登录会随服务一起结束",
    },
    nextStep: {
      en: "To keep logins, use a store on the disk: start without `--kv :memory:` and without --sandbox.",
      zh: "如需保留登录，请使用磁盘上的存储：不要使用 `--kv :memory:` 和 --sandbox。",
    },
  },
  login_ends_soon: {
    kind: "login",
    retryable: false,
    message: {
      en: "This login ends soon: Feishu ends every authorization after a year, however it was renewed",
      zh: "该登录即将结束：无论是否刷新，飞书的授权满一年都会结束",
    },
    nextStep: {
      en: "{start_login} before then. The login that is kept goes on until the new one is stored.",
      zh: "请在此之前重新登录：{start_login}；新的登录保存之前，原有登录继续有效。",
    },
  },
  login_narrower_dropped: {
    kind: "login",
    retryable: false,
    message: {
      en: "The new login had fewer permissions than the one kept, so that the kept one stays",
      zh: "新的登录权限少于已保存的登录，因此保留了原有的登录",
    },
    nextStep: {
      en: "To take the fewer permissions, log in again with {replace}.",
      zh: "如需改用较少的权限，请用 {replace} 重新登录。",
    },
  },
  logins_unavailable: {
    kind: "config",
    retryable: false,
    message: {
      en: "This caller has no kept logins here",
      zh: "该调用方在此没有可用的登录",
    },
    nextStep: {
      en:
        "Logins belong to the person at this machine: call over stdio, or from this machine with the server's own app, without a proxy and without `Connection: close`. Other callers have logins of their own once the operator gives them a key (FEISHU_TOKEN_CALLER_KEYS), or, if they bring the app's secret, sets FEISHU_TOKEN_SESSION_LOGINS=1. A refresh token of your own works with refresh_feishu_user_token.",
      zh:
        "登录只属于本机用户：请通过 stdio 调用，或在本机直接调用（不经过代理，不带 `Connection: close`）并使用服务自身的应用。其他调用方需由运维发放密钥（FEISHU_TOKEN_CALLER_KEYS）后才有自己的登录；自带应用凭证的调用方也可由运维设置 FEISHU_TOKEN_SESSION_LOGINS=1。你自己持有的 refresh_token 可用 refresh_feishu_user_token 刷新。",
    },
  },
  store_cannot_keep_logins: {
    kind: "config",
    retryable: false,
    message: {
      en: "The token store has no key of its own, so that it cannot keep logins",
      zh: "令牌存储没有自己的密钥，无法保存登录",
    },
    nextStep: {
      en:
        "Set FEISHU_TOKEN_KEY (`openssl rand -base64 32`), the same for every process of the store, and {restart}.",
      zh:
        "请为使用该存储的所有进程设置相同的 FEISHU_TOKEN_KEY（用 `openssl rand -base64 32` 生成）并{restart}。",
    },
  },
  refresh_token_invalid: {
    kind: "login",
    retryable: false,
    message: {
      en: "Feishu does not know this refresh token: it is not one, was used already, or has expired",
      zh: "飞书不认识该 refresh_token：它不是 refresh_token、已被使用过，或已过期",
    },
    nextStep: {
      en:
        "Check that it was copied whole and that it is a refresh token, not an access token; else let the user authorize the app again.",
      zh:
        "请检查是否复制完整，以及它是否为 refresh_token 而非 access_token；确认无误后仍失败，请让用户重新授权该应用。",
    },
  },
  refresh_token_foreign: {
    kind: "login",
    retryable: false,
    message: { en: "The refresh token belongs to another app", zh: "该 refresh_token 属于另一个应用" },
    nextStep: {
      en: "Use the credentials of the app that the user authorized.",
      zh: "请使用用户所授权的那个应用的凭证。",
    },
  },
  user_unavailable: {
    kind: "login",
    retryable: false,
    message: {
      en: "Feishu does not serve this user: missing, resigned, frozen, or without permission to use the app",
      zh: "飞书不为该用户提供服务：用户不存在、已离职、已被暂停使用，或没有该应用的使用权限",
    },
    nextStep: {
      en: "Ask the tenant's administrator about the user and the app's availability range.",
      zh: "请联系企业管理员确认该用户的状态和应用的可用范围。",
    },
  },
  authorization_required: {
    kind: "login",
    retryable: false,
    message: {
      en: "Feishu asks for a security check of this user",
      zh: "飞书要求该用户完成安全验证",
    },
    nextStep: {
      en: "Let the user authorize the app again in a browser.",
      zh: "请让用户在浏览器中重新授权该应用。",
    },
  },
  login_pending: {
    kind: "transient",
    retryable: true,
    message: {
      en: "The user has not decided yet on Feishu's page",
      zh: "该用户尚未在飞书页面上作出选择",
    },
    nextStep: {
      en: "Let the user open the link and agree, then try again {retry_after}.",
      zh: "请让用户打开链接并同意授权，然后{retry_after}重试。",
    },
  },
  login_denied: {
    kind: "login",
    retryable: false,
    message: { en: "The user declined the login on Feishu's page", zh: "该用户在飞书页面上拒绝了授权" },
    nextStep: {
      en: "Ask the user why, and start a new login only if they want one.",
      zh: "请与该用户确认；对方愿意时再重新发起登录。",
    },
  },
  login_expired: {
    kind: "login",
    retryable: false,
    message: { en: "This login was not finished in time", zh: "该登录未在有效期内完成" },
    nextStep: {
      en: "Start a new login and open its link at once; the old link no longer works.",
      zh: "请重新发起登录并立即打开新链接；旧链接已失效。",
    },
  },
  login_outcome_unknown: {
    kind: "ambiguous",
    retryable: false,
    message: {
      en: "Feishu may have issued the tokens of this login in an answer that never arrived",
      zh: "飞书可能已为该登录签发令牌，但其响应没有到达",
    },
    nextStep: {
      en:
        "Start a new login; the tokens of this one cannot be obtained again. Logins that were stored before are not changed.",
      zh: "请重新发起登录；这次登录签发的令牌无法再次获取。之前保存的登录不受影响。",
    },
  },
  login_code_invalid: {
    kind: "login",
    retryable: false,
    message: {
      en:
        "Feishu refused the authorization code: it is unknown, was used already, or does not match the PKCE verifier",
      zh: "飞书不接受该授权码：授权码不存在、已被使用过，或 PKCE 校验不通过",
    },
    nextStep: {
      en: "Start a new login. An authorization code works once, within five minutes.",
      zh: "请重新发起登录。授权码只能使用一次，有效期 5 分钟。",
    },
  },
  login_code_foreign: {
    kind: "login",
    retryable: false,
    message: {
      en: "The authorization code was issued to another app",
      zh: "该授权码属于另一个应用",
    },
    nextStep: {
      en: "Start a new login, and use the credentials of the same app from its start to its end.",
      zh: "请重新发起登录，并确认整个登录过程使用同一个应用的凭证。",
    },
  },
  redirect_uri_mismatch: {
    kind: "config",
    retryable: false,
    message: {
      en: "The redirect URL is not the one with which the login was started",
      zh: "重定向 URL 与发起授权时使用的不一致",
    },
    nextStep: {
      en:
        "Compare scheme, host, port and path with the redirect URLs in the developer console (your app, Security Settings: {console_url}); localhost and 127.0.0.1 are different addresses. Then start a new login.",
      zh:
        "请对照开发者后台（你的应用 → 安全设置 → 重定向 URL：{console_url}）检查协议、主机、端口和路径；localhost 与 127.0.0.1 是两个不同的地址。然后重新发起登录。",
    },
  },
  scope_unknown: {
    kind: "config",
    retryable: false,
    message: {
      en: "Feishu does not know one of the requested scopes",
      zh: "所申请的权限中有飞书不认识的名称",
    },
    nextStep: {
      en:
        "Feishu does not say which one. Compare the names, letter by letter, with the app's scopes in the developer console (your app, Permissions & Scopes: {console_url}).",
      zh:
        "飞书不会指出是哪一个。请对照开发者后台（你的应用 → 权限管理：{console_url}）中该应用的权限，逐字检查名称。",
    },
  },
  scope_not_granted: {
    kind: "login",
    retryable: false,
    message: {
      en: "The user has not granted a scope that is needed here",
      zh: "该用户没有授予所需的权限",
    },
    nextStep: {
      en: "Let the user authorize the app again with that scope; a refresh adds no scope.",
      zh: "请让用户重新授权该应用并授予该权限；刷新不会带来新的权限。",
    },
  },
  min_ttl_unreachable: {
    kind: "input",
    retryable: true,
    message: {
      en:
        "No app or tenant token with that much time left is available now: Feishu issues a new one only in the last 30 minutes",
      zh: "目前无法获得剩余有效期这么长的应用令牌或租户令牌：飞书只在到期前 30 分钟内签发新的",
    },
    nextStep: {
      en: "Ask for less with {min_ttl}, or try again {retry_after}.",
      zh: "请减小 {min_ttl}，或{retry_after}重试。",
    },
  },
  token_unknown: {
    kind: "input",
    retryable: false,
    message: {
      en: "This server has not handed out this token as an app or tenant token of this app",
      zh: "该令牌不是本服务为此应用提供的应用令牌或租户令牌",
    },
    nextStep: {
      en:
        "Get the current token with get_feishu_tenant_token or get_feishu_app_token, of a kept login with get_feishu_user_token; report the access token of any other user together with the refresh_token that came with it.",
      zh:
        "请用 get_feishu_tenant_token 或 get_feishu_app_token 获取当前的令牌，已保存的登录用 get_feishu_user_token；上报其他用户的 access_token 时请同时传入与它一起签发的 refresh_token。",
    },
  },
  token_not_at_fault: {
    kind: "input",
    retryable: false,
    message: {
      en: "Feishu refused the call for a reason that a new token does not fix",
      zh: "飞书拒绝该调用的原因与令牌无关，更换令牌无济于事",
    },
    nextStep: {
      en: "Fix what Feishu's code names, then call the API again with the same token.",
      zh: "请先解决飞书错误码所指的问题，再用同一令牌调用该 API。",
    },
  },
  same_token_returned: {
    kind: "input",
    retryable: false,
    message: {
      en: "There is no token other than the reported one for now",
      zh: "目前没有被上报令牌之外的其他令牌",
    },
    nextStep: {
      en:
        "Do not report it again: check that the API takes this kind of token, that the app has the permission that the API's page names, and that the header is `Authorization: Bearer <token>`. Feishu issues no new app or tenant token while 30 minutes or more of the current one remain.",
      zh:
        "请不要再次上报：请检查该 API 是否接受这种令牌、应用是否已开通 API 文档所要求的权限，以及请求头是否为 `Authorization: Bearer <token>`。应用令牌和租户令牌剩余 30 分钟及以上时，飞书不会签发新的。",
    },
  },
  refresh_tokens_in_circle: {
    kind: "login",
    retryable: false,
    message: {
      en: "The pairs obtained with this refresh token lead back to it, so that the newest cannot be told",
      zh: "由该 refresh_token 得到的令牌对又指回它自己，无法判断哪个令牌对最新",
    },
    nextStep: {
      en:
        "Let the user authorize the app again; nothing stored was deleted. Feishu's refresh tokens work once: check that FEISHU_BASE_URL is Feishu's own address.",
      zh:
        "请让用户重新授权该应用；已保存的内容没有被删除。飞书的 refresh_token 只能使用一次：请检查 FEISHU_BASE_URL 是否为飞书自己的地址。",
    },
  },
  token_ends_soon: {
    kind: "transient",
    retryable: true,
    message: {
      en: "Feishu has issued a token that ends in less than 30 seconds",
      zh: "飞书签发的令牌将在 30 秒内到期",
    },
    nextStep: {
      en: "Use it at once, and call again with the newest refresh_token for another.",
      zh: "请立即使用；需要新的令牌时，请用最新的 refresh_token 再次调用。",
    },
  },
  pair_too_large: {
    kind: "store",
    retryable: false,
    message: {
      en: "The pair is too large for a database value (64 KiB): only this machine has it",
      zh: "令牌对超过数据库单个值的上限（64 KiB）：只有本机保存了它",
    },
    nextStep: {
      en:
        "Keep the refresh_token of this answer yourself and present it to this machine next time; check that FEISHU_BASE_URL is Feishu's own address.",
      zh: "请自行保存本次返回的 refresh_token，下次向本机提交；并检查 FEISHU_BASE_URL 是否为飞书自己的地址。",
    },
  },
  renewal_in_progress: {
    kind: "transient",
    retryable: true,
    message: { en: "The renewal is still under way", zh: "令牌仍在刷新中" },
    nextStep: {
      en: "Try again {retry_after} with the same arguments.",
      zh: "请{retry_after}以相同参数重试。",
    },
  },
  rotation_outcome_unknown: {
    kind: "ambiguous",
    retryable: false,
    message: {
      en: "Feishu may have issued a new pair whose answer never arrived",
      zh: "飞书可能已签发新的令牌对，但其响应没有到达",
    },
    nextStep: {
      en:
        "Nothing stored was deleted. If nobody holds a newer refresh token, let the user authorize the app again; give Feishu's support the log id.",
      zh:
        "已保存的内容没有被删除。如果没有人持有更新的 refresh_token，请让用户重新授权该应用；联系飞书技术支持时请提供 log id。",
    },
  },
  rate_limited: {
    kind: "rate",
    retryable: true,
    message: { en: "Feishu limits the rate of these calls", zh: "调用过于频繁，触发了飞书的频率限制" },
    nextStep: {
      en: "Try again {retry_after}.",
      zh: "请{retry_after}重试。",
    },
  },
  too_many_unproven_secrets: {
    kind: "rate",
    retryable: true,
    message: {
      en: "Other app secrets from this address for this app are being checked, or were just refused",
      zh: "来自该地址、用于该应用的其他 App Secret 正在验证，或刚刚被拒绝",
    },
    nextStep: {
      en:
        "Try again {retry_after} with the app's own secret; a secret that Feishu accepted within the last day does not wait, nor do FEISHU_APP_ID and FEISHU_APP_SECRET of the server.",
      zh:
        "请{retry_after}使用该应用自己的 App Secret 重试；一天内被飞书接受过的 App Secret 无需等待，服务自身的 FEISHU_APP_ID 和 FEISHU_APP_SECRET 也无需等待。",
    },
  },
  feishu_unavailable: {
    kind: "transient",
    retryable: true,
    message: {
      en: "Feishu could not be reached or could not answer",
      zh: "无法连接飞书，或飞书未能响应",
    },
    nextStep: {
      en: "Try again {retry_after}; if it keeps failing, check the network, the proxy and FEISHU_BASE_URL.",
      zh: "请{retry_after}重试；如仍失败，请检查网络、代理和 FEISHU_BASE_URL。",
    },
  },
  feishu_answer_unreadable: {
    kind: "transient",
    retryable: true,
    message: { en: "Feishu's answer could not be read", zh: "无法解析飞书的响应" },
    nextStep: {
      en:
        "Try again {retry_after}; if it keeps failing, something between here and Feishu rewrites answers (proxy, captive portal, wrong FEISHU_BASE_URL).",
      zh:
        "请{retry_after}重试；如仍失败，说明本机与飞书之间有环节改写了响应（代理、网络登录页，或 FEISHU_BASE_URL 有误）。",
    },
  },
  feishu_answer_salvaged: {
    kind: "config",
    retryable: false,
    message: {
      en: "Feishu's answer arrived damaged; the pair was read from what was left of it",
      zh: "收到的飞书响应已损坏，令牌对是从剩余内容中读出的",
    },
    nextStep: {
      en:
        "Use the pair as usual; a lifetime that could not be read is estimated. Find out what rewrites Feishu's answers (proxy, gateway, wrong FEISHU_BASE_URL) before the next refresh: it may lose the pair.",
      zh:
        "该令牌对可以照常使用，无法读出的有效期按默认值估计。请在下次刷新前查明是什么改写了飞书的响应（代理、网关，或 FEISHU_BASE_URL 有误），否则下一个令牌对可能丢失。",
    },
  },
  feishu_refused: {
    kind: "internal",
    retryable: false,
    message: {
      en: "Feishu refused the call in a way that neither a retry nor a new login fixes",
      zh: "飞书拒绝了该调用，重试或重新授权都无法解决",
    },
    nextStep: {
      en: "Look the code up in Feishu's documentation; give Feishu's support the log id.",
      zh: "请在飞书开放平台文档中查询该错误码；联系飞书技术支持时请提供 log id。",
    },
  },
  store_unavailable: {
    kind: "store",
    retryable: true,
    message: { en: "The token store does not answer", zh: "令牌存储没有响应" },
    nextStep: {
      en: "Try again {retry_after}; check the place that FEISHU_TOKEN_KV names, and its disk.",
      zh: "请{retry_after}重试；并检查 FEISHU_TOKEN_KV 指定的位置及其磁盘。",
    },
  },
  store_unreadable: {
    kind: "store",
    retryable: false,
    message: {
      en: "A stored value does not open with the configured key",
      zh: "已存储的值无法用当前配置的密钥解开",
    },
    nextStep: {
      en:
        "Give the server the key that the store was made with (FEISHU_TOKEN_KEY, or the .key file next to the KV file). Nothing was overwritten.",
      zh:
        "请为服务提供创建该存储时所用的密钥（FEISHU_TOKEN_KEY，或 KV 文件旁的 .key 文件）。没有任何内容被覆盖。",
    },
  },
  input_invalid: {
    kind: "input",
    retryable: false,
    message: { en: "The arguments are not valid", zh: "参数无效" },
    nextStep: {
      en: "Call the tool again with the arguments that its input schema names.",
      zh: "请按该工具输入 schema 中列出的参数重新调用。",
    },
  },
  internal_error: {
    kind: "internal",
    retryable: false,
    message: { en: "The server failed in a way it should not", zh: "服务出现了不应发生的错误" },
    nextStep: {
      en: "Look up the request id in the server's log, and report the problem.",
      zh: "请按请求 ID 查看服务日志，并反馈此问题。",
    },
  },
} as const satisfies Record<string, ErrorRow>;

/** A stable code of {@linkcode ERROR_TABLE}. */
export type ErrorCode = keyof typeof ERROR_TABLE;
