/** Whether a field of an answer holds text. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
