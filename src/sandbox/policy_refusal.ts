/** A refusal of a security policy. */
export interface PolicyRefusal {
  /** Its code, one of {@linkcode isPolicyCode}. */
  readonly code: number;
  /** Page on which the user passes the check; absent for the usual one. */
  readonly challengeUrl?: string | undefined;
}

/** 21000 asks the user to pass a check, 21001 denies access. */
const TEXTS: ReadonlyMap<number, string> = new Map([
  [21000, "Access is restricted by a security policy: complete the security check."],
  [21001, "Access is denied by a security policy."],
]);

/** On a host of Feishu's, since clients show no other. The page exists for no real user. */
const USUAL_CHALLENGE_URL = "https://accounts.feishu.cn/security/challenge?token=sandbox";

/** Whether a refusal with `code` comes from a security policy. */
export function isPolicyCode(code: number): boolean {
  return TEXTS.has(code);
}

/** The body of such a refusal: flat from the newer token endpoints, `nested` in `data` from any other part. */
export function policyRefusal(
  layout: "flat" | "nested",
  { code, challengeUrl = USUAL_CHALLENGE_URL }: PolicyRefusal,
): Readonly<Record<string, unknown>> {
  const text = TEXTS.get(code) ?? "";
  const help = {
    challenge_url: challengeUrl,
    cli_hint: "Open the challenge_url in a browser, then try again.",
  };
  return layout === "flat" ? { code, error_description: text, ...help } : { code, msg: text, data: help };
}
