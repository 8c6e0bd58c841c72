import assert from "node:assert/strict";
import manifest from "../deno.json" with { type: "json" };
import clientsManifest from "./client_sdks/deno.json" with { type: "json" };
import larkMcpManifest from "./lark_mcp/deno.json" with { type: "json" };
import decoderManifest from "./qr_decoder/deno.json" with { type: "json" };
import sdkManifest from "./node_sdk/deno.json" with { type: "json" };
import { childCommand } from "../harness/child_command.ts";

const SOURCE = new URL("../src/", import.meta.url);

/** Files at the top of src/ that every folder may import: they import nothing of it themselves. */
const FOR_ALL: ReadonlySet<string> = new Set([
  "brand.ts",
  "commit.ts",
  "defined.ts",
  "once.ts",
  "outside_names.ts",
  "secret.ts",
  "version.ts",
]);

/** Files of src/ that hold several things of one sort, and are named after the sort. */
const SEVERAL: ReadonlySet<string> = new Set([
  "cli/client_files/backups.ts",
  "cli/client_files/json_edits.ts",
  "cli/client_files/toml_spans.ts",
  "cli/client_files/toml_text.ts",
  "cli/clients/client_places.ts",
  "cli/clients/own_commands.ts",
  "cli/clients/user_folders.ts",
  "cli/login/progress_text.ts",
  "cli/timer/systemd_units.ts",
  "compose.ts",
  "feishu/app_scopes.ts",
  "feishu/code_redeem.ts",
  "feishu/device_redeem.ts",
  "feishu/device_start.ts",
  "feishu/internal_token_endpoint.ts",
  "feishu/legacy_refresh.ts",
  "feishu/lenient_fields.ts",
  "feishu/limits.ts",
  "feishu/oauth_refresh.ts",
  "feishu/registration_poll.ts",
  "feishu/registration_start.ts",
  "feishu/revoke.ts",
  "feishu/user_info.ts",
  "feishu/wire.ts",
  "http/problem.ts",
  "mcp/calls/tool_result.ts",
  "mcp/contract/token_times.ts",
  "mcp/messages/revisions.ts",
  "ports/feishu.ts",
  "ports/record_order.ts",
  "ports/store.ts",
  "ports/logins.ts",
  "ports/tokens.ts",
  "tokens/grants/grant_view.ts",
  "sandbox/control_requests.ts",
  "sandbox/endpoints_auth_v3.ts",
  "sandbox/endpoints_authorize.ts",
  "sandbox/endpoints_business.ts",
  "sandbox/endpoints_device.ts",
  "sandbox/endpoints_legacy.ts",
  "sandbox/endpoints_oauth.ts",
  "sandbox/endpoints_registration.ts",
  "sandbox/endpoints_revoke.ts",
  "sandbox/gateway.ts",
  "sandbox/user_tokens.ts",
  "sandbox/wire.ts",
  "store/files/durable_files.ts",
  "store/files/private_files.ts",
  "store/records/keys.ts",
  "store/records/record_codec.ts",
  "store/records/retention.ts",
  "store/sealing/key_file.ts",
  "tokens/renewal/limits.ts",
  "tokens/user/pair_failures.ts",
]);

/** What only `platform.ts` may touch, so that a test or the sandbox can stand in its place. */
const REAL_THINGS: readonly (readonly [string, RegExp])[] = [
  ["the wall clock", /\bDate\.now\b|\bnew Date\(\)/],
  ["the monotonic clock", /\bperformance\.now\b/],
  ["timers", /\bset(?:Timeout|Interval)\s*\(|\bAbortSignal\.timeout\b/],
  ["chance", /\bMath\.random\b|\bcrypto\.(?:getRandomValues|randomUUID)\b/],
  ["the network", /(?<![.\w#])fetch\(|\bglobalThis\.fetch\b/],
  ["the environment", /\bDeno\.env\b|\bprocess\.env\b/],
  ["the database", /\bDeno\.openKv\b/],
];

/** What `deno info --json` tells of a program, as far as it is read here. */
interface ModuleGraph {
  readonly roots: readonly string[];
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier: string };
      readonly isDynamic?: boolean;
    }[];
  }[];
}

interface Source {
  readonly path: string;
  readonly text: string;
}

async function sources(folder = SOURCE, prefix = ""): Promise<Source[]> {
  const found: Source[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory) {
      found.push(...await sources(new URL(`${entry.name}/`, folder), `${prefix}${entry.name}/`));
    } else if (entry.name.endsWith(".ts")) {
      found.push({
        path: `${prefix}${entry.name}`,
        text: await Deno.readTextFile(new URL(entry.name, folder)),
      });
    }
  }
  return found;
}

/** The code alone: comments and the contents of strings say nothing of what is called. */
function codeOf(text: string): string {
  return text.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g,
    (match) => match.startsWith("/") ? " " : '""',
  );
}

/** Paths below src/ that `source` imports, statically or not. */
function importsOf({ path, text }: Source): string[] {
  const base = new URL(path, "file:///src/");
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g)]
    .map(([, target]) => new URL(target ?? "", base).pathname)
    .filter((target) => target.startsWith("/src/"))
    .map((target) => target.slice("/src/".length));
}

/** The folder of a file below src/; of one at its top the file itself. */
function placeOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : path;
}

/** For each folder below src/ what its page says that it imports. */
async function pagesOf(folders: ReadonlySet<string>): Promise<Map<string, string>> {
  const pages = new Map<string, string>();
  for (const folder of folders) {
    pages.set(folder, await Deno.readTextFile(new URL(`${folder}/README.md`, SOURCE)).catch(() => ""));
  }
  return pages;
}

function importsIn(page: string): string[] {
  const [, list = ""] = /^Imports: ([^.]*(?:\.ts[^.]*)*)\.$/m.exec(page) ?? [];
  return [...list.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
}

function foldersOf(all: readonly Source[]): Set<string> {
  return new Set(all.map(({ path }) => placeOf(path)).filter((place) => !place.endsWith(".ts")));
}

/** What `source` imports and its folder's page, which says `allowed`, does not name: with what to do about it. */
function wrongImports(source: Source, allowed: readonly string[]): string[] {
  const place = placeOf(source.path);
  return importsOf(source)
    .filter((target) => placeOf(target) !== place && !FOR_ALL.has(target))
    .filter((target) => !allowed.includes(placeOf(target)))
    .map((target) =>
      `src/${source.path} imports src/${target}, which src/${place}/README.md does not name under "Imports". ` +
      "Move what both need into a folder below both, or let src/compose.ts hand it in through a port of src/ports; " +
      "name the folder on the page only where the new arrow makes no circle and is meant to stay."
    );
}

/** The circles among folders or files, each once, as `a > b > a`. */
function circlesOf(arrows: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (folder: string, path: readonly string[]): void => {
    const from = path.indexOf(folder);
    if (from >= 0) return void circles.push([...path.slice(from), folder].join(" > "));
    if (done.has(folder)) return;
    for (const next of arrows.get(folder) ?? []) visit(next, [...path, folder]);
    done.add(folder);
  };
  for (const folder of arrows.keys()) visit(folder, []);
  return circles;
}

/** As a file is named that exports `name`. */
function fileNameOf(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "_").toLowerCase();
}

/** Whether a file bears the name of something that it exports; the factory `createX` may stand in `x.ts`. */
function isNamedAfterExport({ path, text }: Source): boolean {
  const exported =
    /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|const|interface|type) (\w+)/gm;
  const names = [...text.matchAll(exported)].map(([, name = ""]) => fileNameOf(name));
  const file = path.slice(path.lastIndexOf("/") + 1, -".ts".length);
  return names.length === 0 || names.includes(file) || names.includes(`create_${file}`);
}

/** The names of a program's constants: what stands at its top level in capitals. */
function constantsOf(text: string): string[] {
  return [...text.matchAll(/^(?:export )?const ([A-Z][A-Z0-9_]*)\b/gm)].map(([, name = ""]) => name);
}

/** Real things that `source` touches. */
function realThings({ path, text }: Source): string[] {
  if (path === "platform.ts") return [];
  const code = codeOf(text);
  // A function of that name that was handed in is exactly what is wanted.
  const isHandedIn = /\{[^{}]*\bfetch\b[^{}]*\}\s*=\s/.test(code);
  return REAL_THINGS.filter(([name]) => !(isHandedIn && name === "the network"))
    .filter(([, pattern]) => pattern.test(code)).map(([name]) => name);
}

Deno.test("every import of src/ is named on the page of its folder", async () => {
  const all = await sources();
  const pages = await pagesOf(foldersOf(all));
  const wrong = all.filter(({ path }) => path.includes("/"))
    .flatMap((source) => wrongImports(source, importsIn(pages.get(placeOf(source.path)) ?? "")));
  assert.deepEqual(wrong, []);
});

Deno.test("every page of src/ names what its folder imports, and no more", async () => {
  const all = await sources();
  for (const [folder, page] of await pagesOf(foldersOf(all))) {
    const imported = all.filter(({ path }) => placeOf(path) === folder).flatMap(importsOf)
      .filter((target) => placeOf(target) !== folder && !FOR_ALL.has(target)).map(placeOf);
    assert.deepEqual(importsIn(page), [...new Set(imported)].toSorted(), `src/${folder}/README.md`);
  }
});

Deno.test("every folder of src/ has a page of 5 to 25 lines that says where to begin", async () => {
  for (const [folder, page] of await pagesOf(foldersOf(await sources()))) {
    const lines = page.trimEnd().split("\n").length;
    assert.ok(lines >= 5 && lines <= 25, `src/${folder}/README.md has ${lines} lines: write 5 to 25`);
    const [, begin = ""] = /^Begin with `([^`]+)`/m.exec(page) ?? [];
    await Deno.stat(new URL(`${folder}/${begin}`, SOURCE)).catch(() =>
      assert.fail(`src/${folder}/README.md says to begin with "${begin}": name a file of the folder`)
    );
  }
});

Deno.test("the folders of src/ import each other in no circle", async () => {
  const all = await sources();
  const arrows = new Map([...await pagesOf(foldersOf(all))].map(([name, page]) => [name, importsIn(page)]));
  for (const { path } of all.filter((source) => !source.path.includes("/"))) {
    const own = all.filter((source) => source.path === path).flatMap(importsOf).map(placeOf);
    arrows.set(path, own.filter((target) => !FOR_ALL.has(target)));
  }
  assert.deepEqual(circlesOf(arrows), []);
});

Deno.test("the files of src/ import each other in no circle", async () => {
  const arrows = new Map((await sources()).map((source) => [source.path, importsOf(source)]));
  assert.deepEqual(circlesOf(arrows), []);
});

Deno.test("a file of src/ bears the name of what it exports", async () => {
  const wrong = (await sources()).filter((source) => !SEVERAL.has(source.path) && !isNamedAfterExport(source))
    .map(({ path }) => `src/${path}: name it after what it exports, or split it`);
  assert.deepEqual(wrong, []);
});

Deno.test("no two constants of src/ bear the same name", async () => {
  const files = new Map<string, string[]>();
  for (const { path, text } of await sources()) {
    for (const name of constantsOf(text)) files.set(name, [...files.get(name) ?? [], `src/${path}`]);
  }
  const wrong = [...files].filter(([, paths]) => paths.length > 1)
    .map(([name, paths]) => `${name} is in ${paths.join(" and ")}: rename one, or let one export it`);
  assert.deepEqual(wrong, []);
});

Deno.test("only platform.ts touches the clocks, chance, the network, the environment and the database", async () => {
  for (const source of await sources()) assert.deepEqual(realThings(source), [], source.path);
});

Deno.test.each([
  ["tokens/x.ts", `import { DenoKv } from "../store/kv/deno_kv.ts";`],
  ["tokens/x.ts", `import { createHttpApp } from "../http/http_app.ts";`],
  ["store/kv/x.ts", `import type { Leases } from "../../tokens/renewal/leases.ts";`],
  ["feishu/x.ts", `export { openStore } from "../store/open_store.ts";`],
  ["http/x.ts", `import { callTool } from "../mcp/calls/call_tool.ts";`],
  ["mcp/x.ts", `const { serveSandbox } = await import("../sandbox/serve_sandbox.ts");`],
  ["tokens/x.ts", `import { realPlatform } from "../platform.ts";`],
  ["http/x.ts", `import { readConfig } from "../config.ts";`],
])("the pages refuse in %s: %s", async (path, text) => {
  const place = placeOf(path);
  const page = (await pagesOf(new Set([place]))).get(place) ?? "";
  assert.equal(wrongImports({ path, text }, importsIn(page)).length, 1);
});

Deno.test("a circle of folders is found", () => {
  const arrows = new Map([["a", ["b"]], ["b", ["c", "d"]], ["c", ["a"]], ["d", []]]);
  assert.deepEqual(circlesOf(arrows), ["a > b > c > a"]);
});

Deno.test.each([
  ["net/is_host_setting.ts", "export function isHostSetting(): void {}", true],
  ["http/http_app.ts", "export function createHttpApp(): void {}", true],
  ["feishu/limits.ts", "export const MAX_BODY_BYTES = 1;", false],
])("of %s with %s it is told whether it bears the name: %s", (path, text, isNamed) => {
  assert.equal(isNamedAfterExport({ path, text }), isNamed);
});

Deno.test.each([
  "const now = Date.now();",
  "const now = new Date();",
  "performance.now();",
  "setTimeout(() => {}, 1);",
  "setInterval(() => {}, 1);",
  "AbortSignal.timeout(5);",
  "Math.random();",
  "crypto.getRandomValues(bytes);",
  "crypto.randomUUID();",
  "await fetch(url);",
  'Deno.env.get("HOME");',
  "await Deno.openKv();",
])("outside platform.ts this is found: %s", (text) => {
  assert.equal(realThings({ path: "tokens/x.ts", text }).length, 1);
});

Deno.test.each([
  "// Date.now() is not called here",
  '"setTimeout(…)"',
  "const date = new Date(clock.now());",
  "await options.fetch(url);",
  "const { fetch, clock } = options;\nawait fetch(url);",
  "/** Unlike `fetch(url)` this waits. */",
])("this touches nothing real: %s", (text) => {
  assert.deepEqual(realThings({ path: "tokens/x.ts", text }), []);
});

Deno.test("importing every module of src/ does nothing that needs a permission", async () => {
  const modules = (await sources()).map(({ path }) =>
    `import ${JSON.stringify(new URL(path, SOURCE).href)};`
  );
  const folder = await Deno.makeTempDir();
  try {
    const program = `${folder}/imports.ts`;
    await Deno.writeTextFile(program, `${modules.join("\n")}\nconsole.log("imported");\n`);
    const { code, stdout, stderr } = await childCommand(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        "--no-check",
        // The SDK's stdio client, which the demo alone loads, looks for Cygwin when it is imported.
        "--allow-env=OSTYPE",
        `--config=${new URL("../deno.json", import.meta.url).pathname}`,
        program,
      ],
    }).output();
    assert.equal(new TextDecoder().decode(stderr), "");
    assert.deepEqual([code, new TextDecoder().decode(stdout)], [0, "imported\n"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the MCP SDK and QR codes are loaded where they are needed, not at every start", async () => {
  const { stdout } = await childCommand(Deno.execPath(), {
    args: ["info", "--json", `--config=${new URL("../deno.json", import.meta.url).pathname}`, "main.ts"],
    cwd: new URL("..", import.meta.url),
  }).output();
  const { roots, modules }: ModuleGraph = JSON.parse(new TextDecoder().decode(stdout));
  const bySpecifier = new Map(modules.map((module) => [module.specifier, module]));
  const loaded = new Set(roots);
  // The command line loads the server's parts one after another; these two are where it serves.
  for (const path of ["compose.ts", "mcp/stdio/serve_stdio.ts"]) loaded.add(new URL(path, SOURCE).href);
  for (const specifier of loaded) {
    for (const { code, isDynamic } of bySpecifier.get(specifier)?.dependencies ?? []) {
      if (code !== undefined && !isDynamic) loaded.add(code.specifier);
    }
  }
  assert.ok([...loaded].some((specifier) => specifier.includes("npm:zod@")), [...loaded].join("\n"));
  assert.ok(loaded.has(new URL("mcp/responder.ts", SOURCE).href));
  assert.ok([...bySpecifier.keys()].some((specifier) => specifier.includes("uqr@")));
  assert.deepEqual([...loaded].filter((specifier) => /modelcontextprotocol|uqr@/.test(specifier)), []);
});

Deno.test("tests that have a lock of their own run with what the server runs with", () => {
  const { imports, unstable, compilerOptions } = manifest;
  for (const other of [sdkManifest, larkMcpManifest, clientsManifest, decoderManifest]) {
    for (const [name, place] of Object.entries(other.imports)) {
      if (Object.hasOwn(imports, name)) assert.equal(place, imports[name as keyof typeof imports]);
    }
    assert.deepEqual([other.unstable, other.compilerOptions], [unstable, compilerOptions]);
  }
});
