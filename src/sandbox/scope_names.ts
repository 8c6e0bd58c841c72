/** The names in a space-separated scope, each once. */
export function scopeNames(scope: string): string[] {
  return [...new Set(scope.split(/\s+/).filter((name) => name !== ""))];
}
