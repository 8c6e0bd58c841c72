/** Errors that pass by themselves: the question is asked again. */
export const PASSING_ERRORS: ReadonlySet<string> = new Set([
  "renewal_in_progress",
  "feishu_unavailable",
  "feishu_answer_unreadable",
  "store_unavailable",
  "rate_limited",
]);
