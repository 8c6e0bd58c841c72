import { OUTSIDE_NAMES } from "../src/outside_names.ts";
import { VERSION } from "../src/version.ts";
import { binaryName, type CompileTarget } from "../tools/compile_targets.ts";
import { COMPLETION_FILES } from "./completions/completion_files.ts";
import { DESCRIPTION } from "./npm/npm_manifest.ts";

/** Homebrew's names of the platforms. */
const PLATFORMS: readonly (readonly [CompileTarget, system: string, processor: string])[] = [
  ["aarch64-apple-darwin", "macos", "arm"],
  ["x86_64-apple-darwin", "macos", "intel"],
  ["aarch64-unknown-linux-gnu", "linux", "arm"],
  ["x86_64-unknown-linux-gnu", "linux", "intel"],
];

/** Where the formula puts each completion. */
const COMPLETIONS: readonly (readonly [file: string, install: string])[] = [
  [COMPLETION_FILES.bash, `bash_completion.install "${COMPLETION_FILES.bash}" => "feishu-token-mcp"`],
  [COMPLETION_FILES.zsh, `zsh_completion.install "${COMPLETION_FILES.zsh}"`],
  [COMPLETION_FILES.fish, `fish_completion.install "${COMPLETION_FILES.fish}"`],
];

/**
 * The Homebrew formula of a release.
 *
 * @param sums by file name, of the release. A platform whose binary is not among them is left out, and named.
 */
export function homebrewFormula(sums: ReadonlyMap<string, string>): string {
  const missing = PLATFORMS.filter(([target]) => !sums.has(binaryName(VERSION, target))).map(([target]) =>
    target
  );
  return [
    "class FeishuTokenMcp < Formula",
    `  desc "${DESCRIPTION}"`,
    `  homepage "${OUTSIDE_NAMES.repository}"`,
    `  version "${VERSION}"`,
    '  license "MIT"',
    "",
    ...(missing.length === 0 ? [] : [`  # Not in this build: ${missing.join(", ")}`]),
    ...["macos", "linux"].flatMap((system) => systemLines(system, sums)),
    ...COMPLETIONS.flatMap(([file]) => resourceLines(file, sums)),
    "  def install",
    '    bin.install Dir["feishu-token-mcp-*"].first => "feishu-token-mcp"',
    ...COMPLETIONS.filter(([file]) => sums.has(file))
      .map(([file, install]) => `    resource("${file}").stage { ${install} }`),
    "  end",
    "",
    "  test do",
    `    assert_match "feishu-token-mcp ${VERSION}", shell_output("#{bin}/feishu-token-mcp --version")`,
    "  end",
    "end",
    "",
  ].join("\n");
}

function systemLines(system: string, sums: ReadonlyMap<string, string>): readonly string[] {
  const lines = PLATFORMS.filter(([, of]) => of === system).flatMap(([target, , processor]) => {
    const name = binaryName(VERSION, target);
    const sum = sums.get(name);
    return sum === undefined ? [] : [
      `    on_${processor} do`,
      `      url "${address(name)}"`,
      `      sha256 "${sum}"`,
      "    end",
    ];
  });
  return lines.length === 0 ? [] : [`  on_${system} do`, ...lines, "  end", ""];
}

function resourceLines(file: string, sums: ReadonlyMap<string, string>): readonly string[] {
  const sum = sums.get(file);
  if (sum === undefined) return [];
  return [`  resource "${file}" do`, `    url "${address(file)}"`, `    sha256 "${sum}"`, "  end", ""];
}

function address(file: string): string {
  return `${OUTSIDE_NAMES.releases}/v${VERSION}/${file}`;
}
