import { BuildError } from "../tools/build_error.ts";
import type { CompileTarget } from "../tools/compile_targets.ts";
import { DENO_VERSION } from "./deno_version.ts";
import { runNpm } from "./run_npm.ts";

/** By target the package of npm that holds its Deno. */
const PACKAGES: Readonly<Record<CompileTarget, string>> = {
  "aarch64-apple-darwin": "@deno/darwin-arm64",
  "aarch64-unknown-linux-gnu": "@deno/linux-arm64-glibc",
  "x86_64-apple-darwin": "@deno/darwin-x64",
  "x86_64-pc-windows-msvc": "@deno/win32-x64",
  "x86_64-unknown-linux-gnu": "@deno/linux-x64-glibc",
};

const EXECUTABLE_MODE = 0o755;

/**
 * Puts the Deno of `target` at `path`: the running one where it fits, else the one of npm's package.
 *
 * @throws BuildError where it cannot be had.
 */
export async function putDeno(
  target: CompileTarget,
  path: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  if (target === Deno.build.target && Deno.version.deno === DENO_VERSION) {
    await Deno.copyFile(Deno.execPath(), path);
  } else {
    await unpackFromNpm(target, path, env);
  }
  if (Deno.build.os !== "windows") await Deno.chmod(path, EXECUTABLE_MODE);
}

async function unpackFromNpm(
  target: CompileTarget,
  path: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "feishu-token-deno-" });
  try {
    const name = `${PACKAGES[target]}@${DENO_VERSION}`;
    await runNpm(["pack", "--silent", name], folder, env);
    const [packed] = await Array.fromAsync(Deno.readDir(folder), (entry) => entry.name);
    const { success } = await new Deno.Command("tar", {
      args: ["-xzf", packed ?? "", "--strip-components=1"],
      cwd: folder,
      stdin: "null",
    }).output();
    if (!success) throw new BuildError(`Cannot unpack ${name}`);
    await Deno.copyFile(`${folder}/${target.includes("windows") ? "deno.exe" : "deno"}`, path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
