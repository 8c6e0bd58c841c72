/** What a person is asked for who has named nothing: who they are, and that the login lasts. */
const USUAL_REGISTRATION_SCOPES: readonly string[] = [
  "offline_access",
  "auth:user.id:read",
  "contact:user.base:readonly",
  "docx:document",
];

/** The scopes that a new app is to have, by the configured ones. */
export function registrationScopes(configured: readonly string[]): readonly string[] {
  return configured.length > 0 ? configured : USUAL_REGISTRATION_SCOPES;
}
