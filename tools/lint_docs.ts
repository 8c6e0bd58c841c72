/**
 * Lints the doc comments of every file of `src/`, found rather than listed, so that a new folder is not forgotten.
 *
 * `deno doc --lint` follows our public types into the packages that they are made of (Zod, the MCP SDK), and reports
 * those packages' own declarations too. Such diagnostics are left out: the place they point at, or the declaration
 * that they quote, is in no file of `src/`.
 *
 * @module
 */

import { PROJECT_FOLDER } from "./project_folder.ts";

/** A diagnostic's first line; the blank lines before it end the previous one. */
const NEXT_DIAGNOSTIC = /\n+(?=error)/;
const SUMMARY = /\n*error: Found \d+ documentation lint errors?\.[^]*$/;
const PLACE = /^ *--> (.+?):\d+:\d+$/m;
/** What a reference to a private type quotes second: the declaration of that type. */
const REFERENCED = /= hint:[^]*?^ *(?<line>\d+) \| (?<text>.*)$/m;

async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${PROJECT_FOLDER}/${folder}`)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await filesIn(path));
    else if (name.endsWith(".ts")) found.push(path);
  }
  return found.toSorted();
}

/** Whether a diagnostic is about a package's declarations, and not about ours. */
function isOfPackage(diagnostic: string, sources: readonly (readonly string[])[]): boolean {
  const place = PLACE.exec(diagnostic)?.[1];
  if (place === undefined) return false;
  if (!place.replaceAll("\\", "/").startsWith(PROJECT_FOLDER)) return true;
  const { line, text } = REFERENCED.exec(diagnostic)?.groups ?? {};
  return line !== undefined && !sources.some((lines) => lines[Number(line) - 1] === text);
}

const files = await filesIn("src");
const { code, stderr } = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--quiet", "--lint", "main.ts", ...files],
  cwd: PROJECT_FOLDER,
  env: { NO_COLOR: "1" },
  stdin: "null",
  stdout: "null",
  stderr: "piped",
}).output();

const sources = await Promise.all(
  files.map(async (path) => (await Deno.readTextFile(`${PROJECT_FOLDER}/${path}`)).split("\n")),
);
const reported = new TextDecoder().decode(stderr).trim();
const ours = reported.replace(SUMMARY, "").split(NEXT_DIAGNOSTIC)
  .filter((each) => each !== "" && !isOfPackage(each, sources));
if (ours.length > 0) await Deno.stderr.write(new TextEncoder().encode(`${ours.join("\n\n")}\n`));
// Without its summary, the linter itself has failed.
Deno.exit(ours.length === 0 && (code === 0 || SUMMARY.test(reported)) ? 0 : 1);
