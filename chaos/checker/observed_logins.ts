/** A login by the device flow, as its callers saw it. Times as in `Life`. */
export interface ObservedLogin {
  /** The person. */
  readonly openId: string;
  /** When it was asked for. */
  readonly startedMs: number;
  /** Of the answer to that; absent where none came. */
  readonly loginId?: string;
  /** When the person agreed. */
  readonly approved?: Approval;
  /** Whether the person said no. */
  readonly isDenied: boolean;
  /** Every answer that was final. */
  readonly outcomes: readonly LoginOutcome[];
}

/** When a person agreed. */
export interface Approval {
  /** By the harness's clock. */
  readonly atMs: number;
  /** By Feishu's own, in Unix seconds: at least. */
  readonly fromSeconds: number;
  /** At most. */
  readonly toSeconds: number;
}

/** A final answer about a login. */
export interface LoginOutcome {
  /** The process that gave it. */
  readonly process: string;
  readonly askedMs: number;
  readonly answeredMs: number;
  /** `done`, or the error's code. */
  readonly code: string;
  /** The whole answer. */
  readonly text: string;
}

/** The answer to a question for a person's token. */
export interface ObservedUserToken {
  readonly openId: string;
  readonly process: string;
  readonly askedMs: number;
  readonly answeredMs: number;
  /** When the person agreed to the login that it is of, by the token's own claim, in Unix seconds; absent for an error. */
  readonly authTime?: number;
  /** Feishu's code for the token, 0 where it works, if that was looked at while nothing else happened to the person. */
  readonly feishuCode?: number;
  /** The error's code; absent for a token. */
  readonly error?: string;
  readonly logId?: string;
  /** Whether nothing else happened to the person meanwhile, who was logged in, so that an error is a loss. */
  readonly isAlone: boolean;
}

/** A logout that was answered. */
export interface ObservedLogout {
  readonly openId: string;
  /** When it was asked for the first time. */
  readonly askedMs: number;
  readonly answeredMs: number;
}

/** What callers did with logins, and were told of them. */
export interface ObservedLogins {
  /** In the order in which they were asked for. */
  readonly logins: readonly ObservedLogin[];
  readonly tokens: readonly ObservedUserToken[];
  readonly logouts: readonly ObservedLogout[];
  /** People whose tokens nobody asked for but at the end: only keep-alive has renewed them. */
  readonly sleepers: ReadonlySet<string>;
  /** From when on everyone's token was asked for, theirs too. */
  readonly finalFromMs: number;
  /** Whether at this Feishu a login ends the earlier ones of the person. */
  readonly killsEarlier: boolean;
}
