/** Switches of `POST /_sandbox/behaviour`, for behaviour that is not known of Feishu, or differs between its endpoints. */
export interface BehaviourSwitches {
  /** A login ends the refresh tokens of the user's earlier logins. */
  readonly second_login_kills_first: boolean;
  /** A revocation ends every refresh token of the authorization; off, only the presented token. */
  readonly revoke_kills_family: boolean;
  /** A revocation also ends the access tokens of the authorization. */
  readonly revoke_kills_access_tokens: boolean;
  /** A revocation also ends the refresh tokens of the user's other logins. */
  readonly revoke_kills_other_families: boolean;
  /** Revoking a token that has ended is answered with an error; off, with success. */
  readonly revoke_refuses_dead_token: boolean;
  /** The console's switch for refreshing user_access_token; off, refreshes are answered with 20074. */
  readonly refresh_enabled: boolean;
  /** A pair has a refresh token where `offline_access` was granted. */
  readonly refresh_token_given: boolean;
  /** The lifetime of refresh tokens ends with the authorization. */
  readonly refresh_expiry_shrinks: boolean;
  /** User tokens have the claims `auth_id`, `auth_time` and `auth_exp`. */
  readonly auth_claims: boolean;
  /** A refreshed token has other claims than that of the login. */
  readonly auth_claims_change_on_refresh: boolean;
  /** A login grants every scope that the user has ever granted to the app. */
  readonly scopes_accumulate: boolean;
  /** `v3` takes codes with a challenge; off, it answers 20049. */
  readonly v3_pkce: boolean;
  /** A code that is presented again ends the tokens that it was redeemed for. */
  readonly code_reuse_revokes: boolean;
  /** A new device code ends the earlier ones of the app. */
  readonly new_device_code_kills_earlier: boolean;
  /** An expired device code is answered with 20079, as an unknown one; off, with `expired_token`. */
  readonly expired_device_code_unknown: boolean;
  /** A pair is answered with `code: 0`; off, without `code`. */
  readonly success_code: boolean;
  /** A pair is answered with a `status_message`, for people. */
  readonly status_message: boolean;
  /** A registered app needs a moment: its first two calls for an app token are refused with 10003. */
  readonly new_app_needs_moment: boolean;
  /** The authorize page agrees without asking where `prompt=consent` is missing, as inside the Feishu client. */
  readonly in_client: boolean;
  /** `Authorization` is removed from every call, as some proxies do. */
  readonly strip_authorization: boolean;
}

/** The most likely behaviour of Feishu. */
export const USUAL_BEHAVIOUR: BehaviourSwitches = {
  second_login_kills_first: false,
  revoke_kills_family: true,
  revoke_kills_access_tokens: true,
  revoke_kills_other_families: false,
  revoke_refuses_dead_token: false,
  refresh_enabled: true,
  refresh_token_given: true,
  refresh_expiry_shrinks: true,
  auth_claims: true,
  auth_claims_change_on_refresh: false,
  scopes_accumulate: false,
  v3_pkce: true,
  code_reuse_revokes: false,
  new_device_code_kills_earlier: false,
  expired_device_code_unknown: false,
  success_code: true,
  status_message: false,
  new_app_needs_moment: false,
  in_client: false,
  strip_authorization: false,
};

/** The switches as they are now. */
export class Behaviour {
  #switches = USUAL_BEHAVIOUR;

  /** All switches. */
  get switches(): BehaviourSwitches {
    return this.#switches;
  }

  /** Sets some of them. */
  set(switches: Partial<BehaviourSwitches>): void {
    this.#switches = { ...this.#switches, ...switches };
  }

  /** Resets all of them. */
  clear(): void {
    this.#switches = USUAL_BEHAVIOUR;
  }
}
