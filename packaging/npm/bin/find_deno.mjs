// deno-lint-ignore-file explicit-function-return-type -- plain JavaScript has no return types
import { dirname, join } from "node:path";

/** The package of npm that holds Deno, by `process.platform` and `process.arch`. */
const PACKAGES = {
  "darwin-arm64": "@deno/darwin-arm64",
  "darwin-x64": "@deno/darwin-x64",
  "linux-arm64": "@deno/linux-arm64-glibc",
  "linux-x64": "@deno/linux-x64-glibc",
  "win32-arm64": "@deno/win32-arm64",
  "win32-x64": "@deno/win32-x64",
};

/** What starts a program on a Linux with glibc. Where it is missing, as on Alpine, the kernel cannot start Deno. */
const LOADERS = {
  "linux-arm64": "/lib/ld-linux-aarch64.so.1",
  "linux-x64": "/lib64/ld-linux-x86-64.so.2",
};

/**
 * Finds the Deno of this platform among the installed packages. Starts nothing.
 *
 * @param {object} machine
 * @param {string} machine.platform as `process.platform`.
 * @param {string} machine.arch as `process.arch`.
 * @param {(path: string) => boolean} machine.exists whether there is a file.
 * @param {(name: string) => string} machine.resolve as `require.resolve`.
 * @returns {{ path: string, problem?: undefined } | { path?: undefined, problem: { en: string, zh: string } }}
 */
export function findDeno({ platform, arch, exists, resolve }) {
  const machine = `${platform}-${arch}`;
  const name = Object.hasOwn(PACKAGES, machine) ? PACKAGES[machine] : undefined;
  if (name === undefined) {
    return {
      problem: {
        en: `There is no Deno for ${machine}, so this package cannot run here. It runs on ${
          Object.keys(PACKAGES).join(", ")
        }`,
        zh: `Deno 不支持 ${machine}，本软件包无法在此运行。支持的平台：${Object.keys(PACKAGES).join("、")}`,
      },
    };
  }
  const loader = LOADERS[machine];
  if (loader !== undefined && !exists(loader)) {
    return {
      problem: {
        en: `Deno needs glibc, and this Linux has none (no ${loader}; Alpine has musl): ` +
          "use an image with glibc, such as node:22-slim, or the container image of this program",
        zh: `Deno 需要 glibc，而此 Linux 没有（缺少 ${loader}；Alpine 使用 musl）：` +
          "请改用带 glibc 的镜像（如 node:22-slim），或使用本程序的容器镜像",
      },
    };
  }
  const path = installed(name, platform, resolve);
  if (path !== undefined && exists(path)) return { path };
  return {
    problem: {
      en:
        `${name} is not installed, which has the Deno of this machine: install again with optional dependencies ` +
        "(npm install --include=optional)",
      zh: `未安装 ${name}，其中包含本机所需的 Deno：请连同可选依赖重新安装（npm install --include=optional）`,
    },
  };
}

/** @returns {string | undefined} */
function installed(name, platform, resolve) {
  try {
    return join(dirname(resolve(`${name}/package.json`)), platform === "win32" ? "deno.exe" : "deno");
  } catch {
    return undefined;
  }
}
