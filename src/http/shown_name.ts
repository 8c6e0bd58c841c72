const LONGEST = 200;
const SECRET_CHARACTERS = 20;
/** A host or a web origin, with or without port. */
const HOST_OR_ORIGIN = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i;

/**
 * The value of a `Host`, an `Origin` or a host setting as a log or an error may show it: an operator needs it to list
 * it. Anything but a name is hidden: strangers may send anything, and the setting may hold a secret by mistake.
 */
export function shownName(value: string): string {
  const isName = value.length <= LONGEST && HOST_OR_ORIGIN.test(value) &&
    !value.split(/[^A-Za-z0-9]/).some(isLikeSecret);
  return isName ? value : "(not shown)";
}

/** App secrets look like this. No name that people choose has so long a part with digits or capitals. */
function isLikeSecret(run: string): boolean {
  return run.length >= SECRET_CHARACTERS && /[A-Z0-9]/.test(run);
}
