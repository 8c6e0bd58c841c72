import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { UnsetVariable } from "../../store/files/unset_variable.ts";

const DEPTH = 5;
/** Commands that run other programs have permission sets of their own. */
const SETS: Readonly<Record<string, string>> = {
  demo: "demo",
  playground: "playground",
  exec: "cli",
  install: "cli",
  uninstall: "cli",
  setup: "cli",
  "keep --install": "cli",
  "keep --uninstall": "cli",
};

/**
 * The error to show instead of `error` where a missing permission of Deno caused it: without the permission a variable
 * counts as not set, and a file cannot be opened.
 *
 * @param command word on the command line, which decides which permission set of `deno.json` is named.
 * @returns `undefined` for any other error.
 */
export async function lackingPermissions(error: unknown, command?: string): Promise<StartError | undefined> {
  if (!await comesOfPermissions(error)) return undefined;
  const lacking = await notGranted(command);
  if (lacking.length === 0) return undefined;
  const set = SETS[command ?? ""] ?? "serve";
  const missing = lacking.join(", ");
  return new StartError({
    en: `Deno was not given the permissions that this needs: ${missing}`,
    zh: `Deno 没有获得所需的权限：${missing}`,
  }, {
    nextStep: inFront(set, command),
    cause: error,
  });
}

function inFront(set: string, command: string | undefined): Phrase {
  const [run, task] = [`deno run -P=${set} main.ts`, `deno task ${command ?? "start"}`];
  return {
    en: `put -P=${set} in front of main.ts (\`${run}\`), or use \`${task}\``,
    zh: `请在 main.ts 前加 -P=${set}（\`${run}\`），或使用 \`${task}\``,
  };
}

async function comesOfPermissions(error: unknown): Promise<boolean> {
  if (error instanceof UnsetVariable) return !await isGranted({ name: "env", variable: error.variable });
  for (let at = error, depth = 0; at instanceof Error && depth < DEPTH; at = at.cause, depth++) {
    if (at instanceof Deno.errors.NotCapable) return true;
    // A part of the program itself that may not be read, as in the npm package.
    if ("code" in at && at.code === "ERR_MODULE_NOT_FOUND") return true;
  }
  return false;
}

/**
 * Permissions that are not granted in full. A partial one, such as `--allow-read=/data`, did not cover what was
 * refused.
 */
async function notGranted(command: string | undefined): Promise<string[]> {
  const runsPrograms = SETS[command ?? ""] === "cli";
  const flags: (readonly [string, Deno.PermissionDescriptor])[] = [
    ["--allow-env", runsPrograms ? { name: "env" } : { name: "env", variable: "HOME" }],
    ["--allow-read", { name: "read" }],
    ["--allow-write", { name: "write" }],
    ["--allow-net", { name: "net" }],
    ...(runsPrograms ? [["--allow-run", { name: "run" }] as const] : []),
  ];
  const granted = await Promise.all(flags.map(([, permission]) => isGranted(permission)));
  return flags.flatMap(([flag], index) => granted[index] === true ? [] : [flag]);
}

async function isGranted(permission: Deno.PermissionDescriptor): Promise<boolean> {
  return (await Deno.permissions.query(permission)).state === "granted";
}
