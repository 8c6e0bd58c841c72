/** The names in a scope that are separated by spaces, each once. */
export function scopeNames(scope: string): string[] {
  return [...new Set(scope.split(/\s+/).filter((name) => name !== ""))];
}
