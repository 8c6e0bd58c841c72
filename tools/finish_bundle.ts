import { stampCommit } from "./stamp_commit.ts";

/** How Deno's bundler writes the `require()` of CommonJS packages into every bundle: it loads `node:module` at each start. */
const EAGER_REQUIRE =
  /import\{createRequire as __deno_internal_createRequire\} ?from ?"node:module";var ([\w$]+)=__deno_internal_createRequire\(import\.meta\.url\);/;

/** Finishes a bundled file: writes the commit into it, and has it load at a start only what every start needs. */
export async function finishBundle(path: string): Promise<void> {
  await stampCommit(path);
  const text = await Deno.readTextFile(path);
  const finished = withLazyRequire(text);
  if (finished !== text) await Deno.writeTextFile(path, finished);
}

/** `text` with its `require()` made at the first call: few commands call it, and `node:module` is a twentieth of a start. */
export function withLazyRequire(text: string): string {
  return text.replace(
    EAGER_REQUIRE,
    (_eager, name: string) =>
      `var ${name}=(...path)=>(${name}.made??=process.getBuiltinModule("node:module").createRequire(import.meta.url))(...path);`,
  );
}

/**
 * `text` with every `import("./chunk.js")` computed. Deno reads and analyses at each start all modules that it finds
 * named; a computed one is read when a command asks for it, with the permission to read. A binary has only what is
 * named.
 */
export function withComputedImports(text: string): string {
  return text.replace(/\bimport\(("\.\/[\w.-]+\.js")\)/g, 'import($1+"")');
}
