/** The scopes in a text that separates them by blanks or commas: each once, in the order of the alphabet. */
export function scopesIn(text: string | undefined): readonly string[] {
  return inOrder((text ?? "").split(/[\s,]+/));
}

/** `scopes` without doubles and empty ones, in the order of the alphabet. */
export function inOrder(scopes: readonly string[]): readonly string[] {
  return [...new Set(scopes.map((scope) => scope.trim()))].filter((scope) => scope !== "").toSorted();
}
