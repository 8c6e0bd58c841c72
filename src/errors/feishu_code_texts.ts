import type { ErrorCode, ErrorRow } from "./error_table.ts";

/** What happened and what to do now, as in a row of the error table. */
export type ErrorTexts = Pick<ErrorRow, "message" | "nextStep">;

const WRONG_SECRET: ErrorTexts = {
  message: {
    en: "Feishu knows the app, and this is not its app secret",
    zh: "飞书认识该应用，但 App Secret 不正确",
  },
  nextStep: {
    en:
      "Copy the App Secret again from the developer console (your app, Credentials & Basic Info: {console_url}) into FEISHU_APP_SECRET, or into what the client sends instead: it may have been reset, or be another app's. If it is the same, check that the app is enabled.",
    zh:
      "请从开发者后台（你的应用 → 凭证与基础信息：{console_url}）重新复制 App Secret 到 FEISHU_APP_SECRET 或客户端发送的相应位置：它可能已被重置，或属于另一个应用。若两者一致，请确认应用已启用。",
  },
};
const UNKNOWN_APP: ErrorTexts = {
  message: { en: "Feishu knows no app with this app id", zh: "飞书没有使用该 App ID 的应用" },
  nextStep: {
    en:
      "Compare FEISHU_APP_ID, or what the client sends instead, with the developer console (your app, Credentials & Basic Info: {console_url}): it begins with cli_; an app made on Lark needs the brand lark (FEISHU_BRAND), and one made on Feishu the brand feishu.",
    zh:
      "请对照开发者后台（你的应用 → 凭证与基础信息：{console_url}）检查 FEISHU_APP_ID 或客户端发送的相应值：它以 cli_ 开头；在 Lark 上创建的应用，brand（FEISHU_BRAND）须为 lark，在飞书上创建的须为 feishu。",
  },
};

/**
 * Texts for an error with a code of Feishu's that says more than the error: what exactly happened, and where the switch
 * is. They follow from the two codes alone, so that every process that reads a stored status shows them too.
 */
export const FEISHU_CODE_TEXTS: { readonly [Code in ErrorCode]?: Readonly<Record<number, ErrorTexts>> } = {
  credentials_refused: {
    10003: UNKNOWN_APP,
    10014: WRONG_SECRET,
    10015: WRONG_SECRET,
    20002: WRONG_SECRET,
    20028: UNKNOWN_APP,
    20048: UNKNOWN_APP,
  },
  app_not_permitted: {
    20074: {
      message: {
        en: "Refreshing user_access_token is switched off for this app",
        zh: "该应用未打开「刷新 user_access_token」开关",
      },
      nextStep: {
        en:
          "In the developer console (your app, Security Settings: {console_url}) switch on refreshing user_access_token, and publish a version if the console asks for one. The refresh token is not spent: the same call works then.",
        zh:
          "请在开发者后台（你的应用 → 安全设置：{console_url}）打开「刷新 user_access_token」开关，并按提示发布版本。该 refresh_token 未被使用，之后重试同一调用即可。",
      },
    },
    99991401: {
      message: {
        en: "Feishu takes no calls from this server's address: it is not on the app's IP allow-list",
        zh: "飞书拒绝了来自本服务 IP 地址的调用：该地址不在应用的 IP 白名单中",
      },
      nextStep: {
        en:
          "In the developer console (your app, Security Settings: {console_url}) add the public address of this server, or of the proxy through which it reaches Feishu, to the app's IP allow-list; then try again.",
        zh:
          "请在开发者后台（你的应用 → 安全设置 → IP 白名单：{console_url}）添加本服务的公网 IP 地址；如果本服务经代理访问飞书，请添加代理的地址。然后重试。",
      },
    },
  },
  refresh_token_spent: {
    20064: {
      message: {
        en: "Feishu has revoked the refresh token: it was used already, or the authorization was withdrawn",
        zh: "该 refresh_token 已被飞书撤销：它已被使用过，或授权已被取消",
      },
      nextStep: {
        en:
          "Present the newest refresh token you hold. If there is no newer one, or the user or an administrator has withdrawn the authorization, let the user authorize the app again.",
        zh:
          "请改用你持有的最新 refresh_token。如果没有更新的，或用户、管理员已取消授权，请让用户重新授权该应用。",
      },
    },
  },
  refresh_token_expired: {
    20037: {
      message: {
        en: "The refresh token has expired, or the year that an authorization lasts is over",
        zh: "该 refresh_token 已过期，或用户授权已满 365 天",
      },
      nextStep: {
        en:
          "Let the user authorize the app again. Feishu ends every authorization after 365 days, however often it was refreshed.",
        zh: "请让用户重新授权该应用。无论刷新多少次，飞书的用户授权满 365 天都会结束。",
      },
    },
  },
  user_unavailable: {
    20010: {
      message: {
        en: "This user may not use the app: its availability range does not include them",
        zh: "该用户不在应用的可用范围内",
      },
      nextStep: {
        en:
          "In the developer console (your app, Version Management & Release: {console_url}) publish a version whose availability range includes the user, or ask the tenant's administrator to add them to the app in the admin console.",
        zh:
          "请在开发者后台（你的应用 → 版本管理与发布：{console_url}）发布一个可用范围包含该用户的版本，或请企业管理员在管理后台把该用户加入应用的可用范围。",
      },
    },
    20021: {
      message: { en: "This user has resigned", zh: "该用户已离职" },
      nextStep: {
        en:
          "Another person has to authorize the app. If this is a mistake, ask the tenant's administrator to restore the user in the admin console. Nothing stored was deleted.",
        zh:
          "请由其他用户授权该应用。如果并未离职，请联系企业管理员在管理后台恢复该用户。已保存的内容没有被删除。",
      },
    },
    20022: {
      message: { en: "This user's account is frozen", zh: "该用户的账号已被暂停使用" },
      nextStep: {
        en:
          "Ask the tenant's administrator to activate the account again in the admin console; then try again. Nothing stored was deleted.",
        zh: "请联系企业管理员在管理后台恢复该账号，然后重试。已保存的内容没有被删除。",
      },
    },
  },
  authorization_required: {
    21001: {
      message: {
        en: "A security policy of the tenant denies this user access through the app",
        zh: "企业的安全策略拒绝该用户通过此应用访问",
      },
      nextStep: {
        en:
          "Only the tenant's administrator can help, by changing the security policy; authorizing the app again does not. Nothing stored was deleted.",
        zh: "只有企业管理员调整安全策略才能解决，重新授权无济于事。已保存的内容没有被删除。",
      },
    },
  },
};
