const LONGEST = 200;
const SECRET_CHARACTERS = 20;
/** A host or a web origin, with or without port. */
const NAME = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i;

/**
 * The value of `Host`, of `Origin` or of a host setting as it may be shown, so that an operator sees what would have to be
 * listed. Anything but a name is not shown: it may come from a stranger, and a secret may have been typed there.
 */
export function shownName(value: string): string {
  const isName = value.length <= LONGEST && NAME.test(value) &&
    !value.split(/[^A-Za-z0-9]/).some(isLikeSecret);
  return isName ? value : "(not shown)";
}

/** As app secrets are made. No name that people give has so long a part with digits or capitals. */
function isLikeSecret(run: string): boolean {
  return run.length >= SECRET_CHARACTERS && /[A-Z0-9]/.test(run);
}
