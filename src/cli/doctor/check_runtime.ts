import { setting, settingNames } from "../../settings.ts";
import { type Check, fail, ok, warn } from "./check.ts";
import type { DoctorMachine } from "./doctor_machine.ts";

/** Hosting platforms document 2.5; nothing older was ever tried. */
const OLDEST_DENO = [2, 5] as const;
const WHOLE = ["net", "read", "write"] as const;
/** Variables beside the settings that change where or how the program works. */
const PLATFORM_VARIABLES = [
  "HOME",
  "LOCALAPPDATA",
  "XDG_DATA_HOME",
  "ALL_PROXY",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NO_PROXY",
  "DENO_CERT",
  "DENO_TLS_CA_STORE",
  "NODE_EXTRA_CA_CERTS",
] as const;
const HOW = "Start it by its task, with -P=serve, or as the binary: they give what is needed and no more.";

/** Whether this Deno can run the program, and may. */
export async function checkRuntime(machine: DoctorMachine): Promise<Check[]> {
  return [checkDeno(machine), await checkPermissions(machine)];
}

function checkDeno({ denoVersion, hasKv }: DoctorMachine): Check {
  const [major = 0, minor = 0] = denoVersion.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_DENO;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    return fail(
      "deno",
      `version ${denoVersion}`,
      `Update Deno: ${OLDEST_DENO.join(".")} is the oldest that works.`,
    );
  }
  if (hasKv) return ok("deno", `version ${denoVersion}`);
  return fail(
    "deno",
    `version ${denoVersion}, and Deno KV is switched off`,
    "Run main.ts where it is, beside its deno.json, or add --unstable-kv.",
  );
}

async function checkPermissions({ isAllowed }: DoctorMachine): Promise<Check> {
  const names = [...settingNames().flatMap((name) => setting(name).variable ?? []), ...PLATFORM_VARIABLES];
  const refused = [
    ...await refusedOf(WHOLE, (name) => isAllowed({ name })),
    ...await refusedOf(names, (variable) => isAllowed({ name: "env", variable })),
  ];
  if (refused.length === 0) return ok("permissions", "net, read, write, and every variable that counts");
  const isVariable = (name: string): boolean => /^[A-Z]/.test(name);
  const flags = refused.filter((name) => !isVariable(name)).map((name) =>
    `--allow-${name} is not given as a whole`
  );
  const variables = refused.filter(isVariable);
  const unread = variables.length === 0
    ? []
    : [`not readable, so that they count as not set: ${variables.join(", ")}`];
  return warn("permissions", [...flags, ...unread].join("; "), HOW);
}

async function refusedOf<T extends string>(
  names: readonly T[],
  isAllowed: (name: T) => Promise<boolean>,
): Promise<T[]> {
  const answers = await Promise.all(names.map(isAllowed));
  return names.filter((_, index) => answers[index] !== true);
}
