/** What is not known of Feishu, or differs between its parts: each can be switched by `POST /_sandbox/behaviour`. */
export interface BehaviourSwitches {
  /** A later login of a person ends the refresh tokens of the earlier ones. */
  readonly second_login_kills_first: boolean;
  /** A revocation ends every refresh token of the authorization; else the presented token alone. */
  readonly revoke_kills_family: boolean;
  /** A revocation ends the access tokens of the authorization as well. */
  readonly revoke_kills_access_tokens: boolean;
  /** A revocation ends the refresh tokens of the person's other logins as well. */
  readonly revoke_kills_other_families: boolean;
  /** Revoking a token that has ended is answered with an error; else as if it had been good. */
  readonly revoke_refuses_dead_token: boolean;
  /** The console's switch for refreshes; off, they are answered with 20074. */
  readonly refresh_enabled: boolean;
  /** A refresh token is given where `offline_access` was granted. */
  readonly refresh_token_given: boolean;
  /** The life of refresh tokens shrinks towards the end of the authorization. */
  readonly refresh_expiry_shrinks: boolean;
  /** User tokens carry `auth_id`, `auth_time` and `auth_exp`. */
  readonly auth_claims: boolean;
  /** A refreshed token carries other ones than that of the login. */
  readonly auth_claims_change_on_refresh: boolean;
  /** A login brings every scope that the person has ever granted to the app. */
  readonly scopes_accumulate: boolean;
  /** `v3` takes codes with a challenge; off, it answers 20049. */
  readonly v3_pkce: boolean;
  /** A code that is presented again ends what it has brought. */
  readonly code_reuse_revokes: boolean;
  /** A new device code ends the earlier ones of the app. */
  readonly new_device_code_kills_earlier: boolean;
  /** A pair is answered with `code: 0`; off, without `code`. */
  readonly success_code: boolean;
  /** The authorize page agrees by itself where `prompt=consent` is missing, as inside the Feishu client. */
  readonly in_client: boolean;
  /** A proxy in the way takes `Authorization` out of every call. */
  readonly strip_authorization: boolean;
}

/** As Feishu most likely is. */
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
  success_code: true,
  in_client: false,
  strip_authorization: false,
};

/** How the sandbox behaves now. */
export class Behaviour {
  #switches = USUAL_BEHAVIOUR;

  /** Every switch. */
  get switches(): BehaviourSwitches {
    return this.#switches;
  }

  /** Sets some of them. */
  set(switches: Partial<BehaviourSwitches>): void {
    this.#switches = { ...this.#switches, ...switches };
  }

  /** Sets them all as they are at start. */
  clear(): void {
    this.#switches = USUAL_BEHAVIOUR;
  }
}
