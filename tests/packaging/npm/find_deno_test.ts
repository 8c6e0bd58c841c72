import assert from "node:assert/strict";
import { findDeno } from "../../../packaging/npm/bin/find_deno.mjs";
import { npmManifest } from "../../../packaging/npm/npm_manifest.ts";

const PACKAGES = Object.keys(npmManifest().optionalDependencies ?? {});

/** Looks on a machine that has `files`, and every package but those of `missing`. */
function find(
  platform: string,
  arch: string,
  { files = () => true, missing = [] }: { files?: (path: string) => boolean; missing?: readonly string[] } =
    {},
): ReturnType<typeof findDeno> {
  return findDeno({
    platform,
    arch,
    exists: files,
    resolve(path): string {
      const name = path.replace(/\/package\.json$/, "");
      if (missing.includes(name) || !PACKAGES.includes(name)) throw new Error(`Cannot find module '${name}'`);
      return `/modules/${path}`;
    },
  });
}

Deno.test.each([
  ["linux", "x64", "/modules/@deno/linux-x64-glibc/deno"],
  ["linux", "arm64", "/modules/@deno/linux-arm64-glibc/deno"],
  ["darwin", "x64", "/modules/@deno/darwin-x64/deno"],
  ["darwin", "arm64", "/modules/@deno/darwin-arm64/deno"],
  ["win32", "x64", "/modules/@deno/win32-x64/deno.exe"],
  ["win32", "arm64", "/modules/@deno/win32-arm64/deno.exe"],
])("findDeno() finds on %s %s the Deno that package.json asks for", (platform, arch, path) => {
  assert.deepEqual(find(platform, arch), { path });
});

Deno.test.each([["freebsd", "x64"], ["linux", "ia32"], ["constructor", "name"]])(
  "findDeno() says that there is no Deno for %s %s",
  (platform, arch) => {
    const { problem } = find(platform, arch);
    assert.match(problem?.en ?? "", new RegExp(`^There is no Deno for ${platform}-${arch}, .* linux-x64`));
    assert.match(problem?.zh ?? "", new RegExp(`^Deno 不支持 ${platform}-${arch}`));
  },
);

Deno.test("findDeno() says on a Linux without glibc what to use instead, also where the package is not installed", () => {
  const files = (path: string): boolean => !path.startsWith("/lib");
  for (const missing of [[], ["@deno/linux-x64-glibc"]]) {
    const { path, problem } = find("linux", "x64", { files, missing });
    assert.equal(path, undefined);
    assert.match(problem?.en ?? "", /^Deno needs glibc, .*Alpine.*node:22-slim/);
    assert.match(problem?.zh ?? "", /^Deno 需要 glibc/);
  }
});

Deno.test.each<[string, Parameters<typeof find>[2]]>([
  ["the optional package is missing", { missing: ["@deno/linux-x64-glibc"] }],
  ["the package has no program", { files: (path) => !path.endsWith("/deno") }],
])("findDeno() says how to install Deno where %s", (_name, machine) => {
  const { problem } = find("linux", "x64", machine);
  assert.match(problem?.en ?? "", /^@deno\/linux-x64-glibc is not installed, .*--include=optional/);
});

Deno.test("findDeno() says everything in one line", () => {
  for (const { problem } of [find("aix", "ppc64"), find("linux", "x64", { files: () => false })]) {
    for (const text of Object.values(problem ?? { none: "\n" })) assert.doesNotMatch(text, /\n/);
  }
});
