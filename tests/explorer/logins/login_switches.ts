/** What Feishu does where its documentation says nothing, and how the world of a login walk is made. */
export interface LoginSwitches {
  /** Which tokens say when their person authorized: those of every login, of none, or of every second login. */
  readonly claims: "all" | "none" | "every second";
  /** Whether a login ends the families of earlier authorizations of the same person and app. */
  readonly secondLogin: "leaves" | "kills";
  /** What a revocation ends: the token presented, its family, or every family of the person for the app. */
  readonly revocation: "token" | "family" | "person";
}

/** Nothing that would surprise anybody. */
export const PLAIN_FEISHU: LoginSwitches = { claims: "all", secondLogin: "leaves", revocation: "token" };
