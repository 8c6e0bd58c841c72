import { PROJECT_FOLDER } from "../../tools/project_folder.ts";
import { childCommand } from "../../harness/child_command.ts";
import { runtimeEnv } from "../compile/runtime_env.ts";

/** Reads a YAML file of the project, by its path there. */
export async function readYaml(path: string): Promise<unknown> {
  const child = childCommand(Deno.execPath(), {
    args: [
      ...[
        "run",
        "--quiet",
        "--no-prompt",
        "--frozen",
        `--config=${PROJECT_FOLDER}/tools/deno.json`,
        "-P=yaml",
      ],
      ...["yaml", "--json", "--single"],
    ],
    env: runtimeEnv(),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  await input.write(await Deno.readFile(`${PROJECT_FOLDER}/${path}`));
  await input.close();
  const { success, stdout, stderr } = await child.output();
  if (!success) throw new SyntaxError(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
