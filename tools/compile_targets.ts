/** The platforms that binaries are made for, as Deno names them. */
export const COMPILE_TARGETS = [
  "aarch64-apple-darwin",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "x86_64-pc-windows-msvc",
  "x86_64-unknown-linux-gnu",
] as const;

/** One of {@linkcode COMPILE_TARGETS}. */
export type CompileTarget = (typeof COMPILE_TARGETS)[number];

/** Whether `name` is one of {@linkcode COMPILE_TARGETS}. */
export function isCompileTarget(name: string): name is CompileTarget {
  return COMPILE_TARGETS.some((target) => target === name);
}

/** Name of the binary of `version` for `target`: the same for the same source on every machine. */
export function binaryName(version: string, target: CompileTarget): string {
  return `feishu-token-mcp-${version}-${target}${target.includes("windows") ? ".exe" : ""}`;
}
