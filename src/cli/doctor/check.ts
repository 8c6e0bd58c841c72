/** One thing that was looked at. */
export interface Check {
  /** Stable, for scripts. */
  readonly name: string;
  /** `skip`: it could not be looked at, since something before it fails. */
  readonly status: "ok" | "warn" | "fail" | "skip";
  /** What was found, in one line without final period. Never a secret. */
  readonly found: string;
  /** What to do, in one sentence. */
  readonly next_step?: string;
}

/** The check `name` found nothing wrong. */
export function ok(name: string, found: string): Check {
  return { name, status: "ok", found };
}

/** The check `name` found what may matter. */
export function warn(name: string, found: string, nextStep: string): Check {
  return { name, status: "warn", found, next_step: nextStep };
}

/** The check `name` found what has to be mended. */
export function fail(name: string, found: string, nextStep?: string): Check {
  return { name, status: "fail", found, ...(nextStep === undefined ? {} : { next_step: nextStep }) };
}

/** The check `name` was not made. */
export function skip(name: string, why: string): Check {
  return { name, status: "skip", found: `not checked: ${why}` };
}

/** Where the advice of a message begins: `what is wrong: set …`, `what is wrong; name …`. */
const ADVICE = /[:;] (?=(?:set|name|restore|check|use|unset|choose|start|remove|make|give|begin)\b)/;

/** The check `name` ended with a one-line message that says itself what to do. */
export function failWith(name: string, message: string): Check {
  const at = ADVICE.exec(message);
  if (at === null) return fail(name, message);
  const advice = message.slice(at.index + at[0].length);
  return fail(name, message.slice(0, at.index), `${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`);
}
