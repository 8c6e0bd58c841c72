import assert from "node:assert/strict";
import manifest from "../deno.json" with { type: "json" };
import clientsManifest from "./client_sdks/deno.json" with { type: "json" };
import sdkManifest from "./node_sdk/deno.json" with { type: "json" };

const SOURCE = new URL("../src/", import.meta.url);

/** For each folder of src/ what it may import. `*` stands for the files at the top of src/. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  "*": ["*", "errors", "feishu", "http", "log", "mcp", "net", "ports", "store", "time", "tokens"],
  cli: [
    "*",
    "cli",
    "errors",
    "feishu",
    "http",
    "log",
    "mcp",
    "net",
    "ports",
    "sandbox",
    "store",
    "time",
    "tokens",
  ],
  mcp: ["*", "mcp", "http", "tokens", "errors", "net", "ports", "time"],
  http: ["*", "http", "tokens", "errors", "net", "ports", "time"],
  tokens: ["*", "tokens", "errors", "net", "ports", "time"],
  store: ["*", "store", "errors", "ports", "time"],
  feishu: ["*", "feishu", "errors", "net", "ports", "time"],
  sandbox: ["sandbox", "ports"],
  log: ["*", "log", "ports"],
  ports: ["*", "ports", "errors"],
  errors: ["*", "errors", "ports"],
  net: ["net"],
  time: ["time", "ports"],
};

/** The files at the top of src/ that are not for everybody. */
const TOP_FILES: Readonly<Record<string, readonly string[]>> = {
  "compose.ts": ["cli"],
  "config.ts": ["*", "cli"],
  "settings.ts": ["*", "cli"],
  "setting_reader.ts": ["*", "cli"],
  "version.ts": ["*", "cli"],
};

/** What only `compose.ts` may touch, so that a test or the sandbox can stand in its place. */
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

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "*";
}

/** Imports of `source` that go against the arrows. */
function wrongImports(source: Source): string[] {
  const from = folderOf(source.path);
  const allowed = ARROWS[from] ?? [];
  return importsOf(source).filter((target) => {
    const users = TOP_FILES[target];
    return !allowed.includes(folderOf(target)) || (users !== undefined && !users.includes(from));
  });
}

/** Real things that `source` touches. */
function realThings({ path, text }: Source): string[] {
  if (path === "compose.ts") return [];
  const code = codeOf(text);
  // A function of that name that was handed in is exactly what is wanted.
  const isHandedIn = /\{[^{}]*\bfetch\b[^{}]*\}\s*=\s/.test(code);
  return REAL_THINGS.filter(([name]) => !(isHandedIn && name === "the network"))
    .filter(([, pattern]) => pattern.test(code)).map(([name]) => name);
}

Deno.test("every import of src/ goes the way of the layout", async () => {
  for (const source of await sources()) assert.deepEqual(wrongImports(source), [], source.path);
});

Deno.test("every folder of src/ has its place in the layout", async () => {
  const folders = new Set((await sources()).map(({ path }) => folderOf(path)));
  assert.deepEqual([...folders].toSorted(), Object.keys(ARROWS).toSorted());
});

Deno.test("only compose.ts touches the clocks, chance, the network, the environment and the database", async () => {
  for (const source of await sources()) assert.deepEqual(realThings(source), [], source.path);
});

Deno.test.each([
  ["tokens/x.ts", `import { KvCalls } from "../store/kv_calls.ts";`],
  ["tokens/x.ts", `import { createHttpApp } from "../http/http_app.ts";`],
  ["store/x.ts", `import type { DurablePairs } from "../tokens/keeper.ts";`],
  ["feishu/x.ts", `export { openStore } from "../store/open_store.ts";`],
  ["http/x.ts", `import { callTool } from "../mcp/call_tool.ts";`],
  ["mcp/x.ts", `const { serveSandbox } = await import("../sandbox/serve_sandbox.ts");`],
  ["tokens/x.ts", `import { realPlatform } from "../compose.ts";`],
  ["http/x.ts", `import { readConfig } from "../config.ts";`],
])("the layout refuses in %s: %s", (path, text) => {
  assert.equal(wrongImports({ path, text }).length, 1);
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
])("outside compose.ts this is found: %s", (text) => {
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
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
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

Deno.test("the MCP SDK is loaded by whoever needs it, not by whoever starts", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", `--config=${new URL("../deno.json", import.meta.url).pathname}`, "main.ts"],
    cwd: new URL("..", import.meta.url),
  }).output();
  const { roots, modules }: ModuleGraph = JSON.parse(new TextDecoder().decode(stdout));
  const bySpecifier = new Map(modules.map((module) => [module.specifier, module]));
  const loaded = new Set(roots);
  // The command line loads the server's parts one after another; these two are where it serves.
  for (const path of ["compose.ts", "mcp/mcp_stdio.ts"]) loaded.add(new URL(path, SOURCE).href);
  for (const specifier of loaded) {
    for (const { code, isDynamic } of bySpecifier.get(specifier)?.dependencies ?? []) {
      if (code !== undefined && !isDynamic) loaded.add(code.specifier);
    }
  }
  assert.ok([...loaded].some((specifier) => specifier.includes("npm:zod@")), [...loaded].join("\n"));
  assert.ok(loaded.has(new URL("mcp/responder.ts", SOURCE).href));
  assert.deepEqual([...loaded].filter((specifier) => specifier.includes("modelcontextprotocol")), []);
});

Deno.test("tests that have a lock of their own run with what the server runs with", () => {
  const { imports, unstable, compilerOptions } = manifest;
  for (const other of [sdkManifest, clientsManifest]) {
    for (const [name, place] of Object.entries(other.imports)) {
      if (Object.hasOwn(imports, name)) assert.equal(place, imports[name as keyof typeof imports]);
    }
    assert.deepEqual([other.unstable, other.compilerOptions], [unstable, compilerOptions]);
  }
});
